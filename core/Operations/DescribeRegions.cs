namespace KmsGateway.Core.Operations;

/// <summary>The one region this core serves.</summary>
internal sealed class DescribeRegions : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DescribeRegions), OperationKind.Read);

    public OperationResult Execute(OperationCall call) => OperationResult.Of(writer =>
    {
        writer.WriteStartObject("Regions");
        writer.WriteStartArray("Region");
        writer.WriteStartObject();
        writer.WriteString("RegionId", call.Region);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
