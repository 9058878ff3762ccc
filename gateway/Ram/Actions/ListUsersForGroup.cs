using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the members of a group by name, page by page.</summary>
internal sealed class ListUsersForGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListUsersForGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var page = Paging.Read(call.Parameters, "members");
        var members = store.Database.Read(reader =>
            MembershipTable.MembersOf(reader, Lookup.Group(reader, call).Id, page.After, page.Rows));
        return Task.FromResult(page.Answer("Users", "User", members, Answer, member => IdentityTable.NameKey(member.Name)));
    }

    private static JsonObject Answer(GroupMember member) => new()
    {
        ["UserName"] = member.Name,
        ["DisplayName"] = member.DisplayName,
        ["JoinDate"] = RamApi.Time(member.JoinedAt),
    };
}
