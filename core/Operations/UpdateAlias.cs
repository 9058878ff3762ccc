namespace KmsGateway.Core.Operations;

/// <summary>Moves an alias; pointing it to the key it already has succeeds and changes nothing.</summary>
internal sealed class UpdateAlias : IOperation
{
    private const int NewKey = 1;
    private const int AliasReference = 2;

    public OperationSpec Spec { get; } = new(
        nameof(UpdateAlias), OperationKind.Mutating, ReferenceSpec.KeyBehindAlias, ReferenceSpec.KeyId, ReferenceSpec.Alias);

    public OperationResult Execute(OperationCall call)
    {
        var alias = call.Alias(AliasReference);
        var keyId = call.Key(NewKey).KeyId;
        if (alias.KeyId != keyId)
        {
            call.Transaction.MoveAlias(alias, keyId);
        }

        return OperationResult.Nothing;
    }
}
