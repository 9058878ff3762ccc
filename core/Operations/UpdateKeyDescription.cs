using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Operations;

/// <summary>An empty description clears the text: that the parameter is there counts, not its length.</summary>
internal sealed class UpdateKeyDescription : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(UpdateKeyDescription), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        if (!call.Input.Has("Description"))
        {
            throw KmsErrors.MissingParameter.With("Description");
        }

        call.Transaction.UpdateKey(call.Key() with { Description = CreateKey.DescriptionOf(call.Input) });
        return OperationResult.Nothing;
    }
}
