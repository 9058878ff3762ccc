using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

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
                    throw RamErrors.UserInGroup.With();
                }

                if (AccessKeyTable.ListOf(writer, user.Id).Count > 0)
                {
                    throw RamErrors.UserHasAccessKey.With();
                }

                if (AttachmentTable.ListOf(writer, user.Id).Count > 0)
                {
                    throw RamErrors.UserHasPolicy.With();
                }

                IdentityTable.Delete(writer, user.Id);
                return new JsonObject();
            },
            cancellationToken);
}
