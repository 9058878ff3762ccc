using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>A rotation schedule goes on, with a rotation at once when its date has passed.</summary>
internal sealed class EnableKey(KeyVersions versions) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(EnableKey), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        _ = versions.Store(call.Transaction, call.Key() with { State = KeyState.Enabled }, call.Now);
        return OperationResult.Nothing;
    }
}
