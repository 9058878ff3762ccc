using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Destroys the key after 7 to 30 days, default 30; until then CancelKeyDeletion brings it back.</summary>
internal sealed class ScheduleKeyDeletion : IOperation
{
    private const string Window = "PendingWindowInDays";

    public OperationSpec Spec { get; } = new(nameof(ScheduleKeyDeletion), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var days = call.Input.Integer(Window, 7, 30) ?? 30;
        var key = call.Key();
        call.Transaction.UpdateKey(key with
        {
            State = KeyState.PendingDeletion,
            DeleteAt = call.Now.AddDays(days),
            MetadataVersion = key.MetadataVersion + 1,
        });
        return OperationResult.Nothing;
    }
}
