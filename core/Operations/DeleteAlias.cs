namespace KmsGateway.Core.Operations;

internal sealed class DeleteAlias : IOperation
{
    private const int AliasReference = 1;

    public OperationSpec Spec { get; } =
        new(nameof(DeleteAlias), OperationKind.Mutating, ReferenceSpec.KeyBehindAlias, ReferenceSpec.Alias);

    public OperationResult Execute(OperationCall call)
    {
        call.Transaction.DeleteAlias(call.Alias(AliasReference));
        return OperationResult.Nothing;
    }
}
