namespace KmsGateway.Core.Operations;

/// <summary>Replaces the key's policy; decisions made under the old one are stale from then on.</summary>
internal sealed class SetKeyPolicy : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(SetKeyPolicy), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        _ = call.Input.OneOf("PolicyName", KeyPolicyText.Name);
        var policy = KeyPolicyText.Read(call.Input);
        var key = call.Key();
        if (key.KeyPolicy != policy)
        {
            call.Transaction.SetKeyPolicy(key with { KeyPolicy = policy, MetadataVersion = key.MetadataVersion + 1 });
        }

        return OperationResult.Nothing;
    }
}
