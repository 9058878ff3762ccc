using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

internal sealed class DisableKey : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DisableKey), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        call.Transaction.UpdateKey(call.Key() with { State = KeyState.Disabled });
        return OperationResult.Nothing;
    }
}
