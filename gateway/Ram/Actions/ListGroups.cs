using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists groups by name, page by page; at most 100 at a time.</summary>
internal sealed class ListGroups(RamStore store) : IActionHandler
{
    private const int MostItems = 100;

    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListGroups";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var page = Paging.Read(call.Parameters, "groups", MostItems);
        var groups = store.Database.Read(reader =>
            IdentityTable.Page(reader, call.Caller.AccountId, IdentityKind.Group, page.After, page.Rows));
        return Task.FromResult(page.Answer("Groups", "Group", groups, GroupAnswer.Full, group => IdentityTable.NameKey(group.Name)));
    }
}
