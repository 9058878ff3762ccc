using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists policies by name, page by page: system policies, then custom ones. A tag filter leaves custom ones only.</summary>
internal sealed class ListPolicies(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListPolicies";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var page = Paging.Read(parameters, "policies");
        var type = parameters.OptionalString("PolicyType") is { } given ? PolicyReference.Type(given) : null;
        var filter = TagList.ReadFilter(parameters, store.Quotas);
        var rows = store.Database.Read(reader => PolicyListing.Page(reader, call.Caller.AccountId, type, filter, page));
        return Task.FromResult(page.Answer("Policies", "Policy", rows, row => row.Answer, row => row.SortKey));
    }
}
