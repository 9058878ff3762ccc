using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

internal sealed class ListAliasesByKeyId(IKeyStore store) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(ListAliasesByKeyId), OperationKind.Read, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var paging = Paging.Of(call.Input);
        var query = new AliasQuery(call.Ticket.Account, call.Region, call.Key().KeyId, paging.Number, paging.Size);
        return paging.Answer(store.ListAliases(query), "Aliases", "Alias", Paging.WriteAlias);
    }
}
