using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Destroys the key after 7 to 30 days, or as many as a setting allows; until then CancelKeyDeletion brings it back.
/// </summary>
internal sealed class ScheduleKeyDeletion(CoreQuotas quotas) : IOperation
{
    private const string Window = "PendingWindowInDays";
    private const int DefaultDays = 30;

    public OperationSpec Spec { get; } = new(nameof(ScheduleKeyDeletion), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var days = call.Input.Integer(Window, CoreQuotas.FewestDeletionDays, quotas.DeletionWindowDays)
            ?? Math.Min(DefaultDays, quotas.DeletionWindowDays);
        var key = call.Key();
        if (key.IsDeletionProtected)
        {
            throw KmsErrors.RejectedStateModifiedFailed.Because("The key is protected from deletion: switch deletion protection off first.");
        }

        call.Transaction.UpdateKey(key with
        {
            State = KeyState.PendingDeletion,
            DeleteAt = call.Now.AddDays(days),
            MetadataVersion = key.MetadataVersion + 1,
        });
        return OperationResult.Nothing;
    }
}
