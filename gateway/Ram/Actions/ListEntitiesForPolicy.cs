using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the users, groups and roles that hold a policy.</summary>
internal sealed class ListEntitiesForPolicy(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListEntitiesForPolicy";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var account = call.Caller.AccountId;
        var holders = store.Database.Read(reader =>
        {
            var policy = PolicyReference.Find(reader, call);
            return AttachmentTable.HoldersOf(reader, account, policy.PolicyId, policy.SystemName);
        });
        return Task.FromResult(new JsonObject
        {
            ["Users"] = Holders(holders, IdentityKind.User, "User", User),
            ["Groups"] = Holders(holders, IdentityKind.Group, "Group", Group),
            ["Roles"] = Holders(holders, IdentityKind.Role, "Role", role => Role(account, role)),
        });
    }

    private static JsonObject Holders(IEnumerable<PolicyHolder> holders, string kind, string inner, Func<PolicyHolder, JsonObject> answer) => new()
    {
        [inner] = new JsonArray([.. holders.Where(holder => string.Equals(holder.Kind, kind, StringComparison.Ordinal)).Select(answer)]),
    };

    private static JsonObject User(PolicyHolder user) => new()
    {
        ["UserId"] = EntityId.Text(user.Id),
        ["UserName"] = user.Name,
        ["DisplayName"] = user.DisplayName,
        ["AttachDate"] = RamApi.Time(user.AttachedAt),
    };

    private static JsonObject Group(PolicyHolder group) => new()
    {
        ["GroupName"] = group.Name,
        ["Comments"] = group.Comments,
        ["AttachDate"] = RamApi.Time(group.AttachedAt),
    };

    private static JsonObject Role(string account, PolicyHolder role) => new()
    {
        ["RoleId"] = EntityId.Text(role.Id),
        ["RoleName"] = role.Name,
        ["Arn"] = RamApi.RoleArn(account, role.Name),
        ["Description"] = role.Comments,
        ["AttachDate"] = RamApi.Time(role.AttachedAt),
    };
}
