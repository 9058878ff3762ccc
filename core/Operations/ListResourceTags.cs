namespace KmsGateway.Core.Operations;

internal sealed class ListResourceTags : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(ListResourceTags), OperationKind.Read, ReferenceSpec.KeyOrSecretOrCertificate);

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        return OperationResult.Of(writer =>
        {
            writer.WriteStartObject("Tags");
            writer.WriteStartArray("Tag");
            foreach (var (tagKey, tagValue) in key.Tags)
            {
                writer.WriteStartObject();
                writer.WriteString("KeyId", key.KeyId);
                writer.WriteString("TagKey", tagKey);
                writer.WriteString("TagValue", tagValue);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
