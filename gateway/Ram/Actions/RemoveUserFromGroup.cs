using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Takes a user out of a group; no call that starts after the answer is served under the policies of the group.</summary>
internal sealed class RemoveUserFromGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "RemoveUserFromGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var user = Lookup.User(writer, call);
                var group = Lookup.Group(writer, call);
                return MembershipTable.Remove(writer, group.Id, user.Id) ? new JsonObject() : throw GatewayErrors.EntityNotExistUserGroup.With();
            },
            cancellationToken);
}
