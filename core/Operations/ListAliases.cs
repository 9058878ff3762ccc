using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

internal sealed class ListAliases(IKeyStore store) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(ListAliases), OperationKind.Read, ReferenceSpec.AliasContainer);

    public OperationResult Execute(OperationCall call)
    {
        var paging = Paging.Of(call.Input);
        var page = store.ListAliases(new AliasQuery(call.Ticket.Account, call.Region, null, paging.Number, paging.Size));
        return paging.Answer(page, "Aliases", "Alias", Paging.WriteAlias);
    }
}
