using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

internal sealed class EnableKey : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(EnableKey), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        call.Transaction.UpdateKey(call.Key() with { State = KeyState.Enabled });
        return OperationResult.Nothing;
    }
}
