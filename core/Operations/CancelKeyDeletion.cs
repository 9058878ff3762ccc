using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The key is Enabled again, its rotation schedule with it; one without material waits for it again.</summary>
internal sealed class CancelKeyDeletion(KeyVersions versions) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(CancelKeyDeletion), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        var live = key with
        {
            State = key.HasMaterial ? KeyState.Enabled : KeyState.PendingImport,
            DeleteAt = null,
            MetadataVersion = key.MetadataVersion + 1,
        };
        _ = versions.Store(call.Transaction, live, call.Now);
        return OperationResult.Nothing;
    }
}
