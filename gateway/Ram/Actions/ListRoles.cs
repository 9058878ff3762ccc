using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists roles by name, page by page; a tag filter leaves those that carry all tags.</summary>
internal sealed class ListRoles(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListRoles";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var page = Paging.Read(call.Parameters, "roles");
        var filter = TagList.ReadFilter(call.Parameters, store.Quotas);
        var rows = store.Database.Read(reader => RoleTable.Page(reader, call.Caller.AccountId, filter, page.After, page.Rows)
            .Select(role => (Role: role, Answer: RoleAnswer.Listed(role, TagTable.OfRole(reader, role.Id))))
            .ToList());
        return Task.FromResult(page.Answer("Roles", "Role", rows, row => row.Answer, row => IdentityTable.NameKey(row.Role.Name)));
    }
}
