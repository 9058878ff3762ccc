using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the groups a user is in, in the order it joined them.</summary>
internal sealed class ListGroupsForUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListGroupsForUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var groups = store.Database.Read(reader => MembershipTable.GroupsOf(reader, Lookup.User(reader, call).Id));
        return Task.FromResult(new JsonObject
        {
            ["Groups"] = new JsonObject { ["Group"] = new JsonArray([.. groups.Select(Answer)]) },
        });
    }

    private static JsonObject Answer(JoinedGroup group) => new()
    {
        ["GroupId"] = EntityId.Text(group.Id),
        ["GroupName"] = group.Name,
        ["Comments"] = group.Comments,
        ["JoinDate"] = RamApi.Time(group.JoinedAt),
    };
}
