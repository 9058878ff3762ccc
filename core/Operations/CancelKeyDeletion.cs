using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The key is Enabled again; one without material waits for it again.</summary>
internal sealed class CancelKeyDeletion : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(CancelKeyDeletion), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        call.Transaction.UpdateKey(key with
        {
            State = key.HasMaterial ? KeyState.Enabled : KeyState.PendingImport,
            DeleteAt = null,
            MetadataVersion = key.MetadataVersion + 1,
        });
        return OperationResult.Nothing;
    }
}
