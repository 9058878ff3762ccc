using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deletes a role that holds no policy.</summary>
internal sealed class DeleteRole(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DeleteRole";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var role = Lookup.Role(writer, call);
                if (AttachmentTable.ListOf(writer, role.Id).Count > 0)
                {
                    throw GatewayErrors.DeleteConflictRolePolicy.With();
                }

                IdentityTable.Delete(writer, role.Id);
                return new JsonObject();
            },
            cancellationToken);
}
