namespace KmsGateway.Core.Operations;

/// <summary>The key's own policy, or the one that holds while it has none.</summary>
internal sealed class GetKeyPolicy : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(GetKeyPolicy), OperationKind.Read, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        _ = call.Input.OneOf("PolicyName", KeyPolicyText.Name);
        var policy = call.Key().KeyPolicy ?? KeyPolicyText.DefaultOf(call.Key());
        return OperationResult.Of(writer => writer.WriteString("Policy", policy));
    }
}
