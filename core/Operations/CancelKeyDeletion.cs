using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The key is Enabled again; one that never had material waits for it again.</summary>
internal sealed class CancelKeyDeletion : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(CancelKeyDeletion), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        var hasMaterial = key.NewestVersionAt is not null;
        call.Transaction.UpdateKey(key with
        {
            State = hasMaterial ? KeyState.Enabled : KeyState.PendingImport,
            DeleteAt = null,
            MetadataVersion = key.MetadataVersion + 1,
        });
        return OperationResult.Nothing;
    }
}
