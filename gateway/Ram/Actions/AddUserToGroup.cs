using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Puts a user into a group, which gives it the policies of the group.</summary>
internal sealed class AddUserToGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "AddUserToGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var user = Lookup.User(writer, call);
                var group = Lookup.Group(writer, call);
                if (MembershipTable.Contains(writer, group.Id, user.Id))
                {
                    throw GatewayErrors.EntityAlreadyExistsUserGroup.With();
                }

                if (MembershipTable.GroupsOf(writer, user.Id).Count >= store.Quotas.GroupsPerUser)
                {
                    throw GatewayErrors.LimitExceededUserGroup.With();
                }

                MembershipTable.Add(writer, group.Id, user.Id);
                return new JsonObject();
            },
            cancellationToken);
}
