using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deletes a user that is in no group, has no access key and holds no policy; refused in that order.</summary>
internal sealed class DeleteUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DeleteUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var user = Lookup.User(writer, call);
                if (MembershipTable.GroupsOf(writer, user.Id).Count > 0)
                {
                    throw GatewayErrors.DeleteConflictUserGroup.With();
                }

                if (AccessKeyTable.ListOf(writer, user.Id).Count > 0)
                {
                    throw GatewayErrors.DeleteConflictUserAccessKey.With();
                }

                if (AttachmentTable.ListOf(writer, user.Id).Count > 0)
                {
                    throw GatewayErrors.DeleteConflictUserPolicy.With();
                }

                IdentityTable.Delete(writer, user.Id);
                return new JsonObject();
            },
            cancellationToken);
}
