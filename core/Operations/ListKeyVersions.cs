using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>Newest first, as in the documented samples.</summary>
internal sealed class ListKeyVersions(IKeyStore store) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(ListKeyVersions), OperationKind.Read, ReferenceSpec.KeyId) { IsForKeyUsers = true };

    public OperationResult Execute(OperationCall call)
    {
        var paging = Paging.Of(call.Input);
        var page = store.ListVersions(new VersionQuery(call.Key().KeyId, paging.Number, paging.Size));
        return paging.Answer(page, "KeyVersions", "KeyVersion", VersionMetadata.Write);
    }
}
