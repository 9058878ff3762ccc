using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deletes a group that has no members and holds no policy; refused in that order.</summary>
internal sealed class DeleteGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DeleteGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var group = Lookup.Group(writer, call);
                if (MembershipTable.HasMembers(writer, group.Id))
                {
                    throw GatewayErrors.DeleteConflictGroupUser.With();
                }

                if (AttachmentTable.ListOf(writer, group.Id).Count > 0)
                {
                    throw GatewayErrors.DeleteConflictGroupPolicy.With();
                }

                IdentityTable.Delete(writer, group.Id);
                return new JsonObject();
            },
            cancellationToken);
}
