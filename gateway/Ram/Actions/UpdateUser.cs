using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Changes a user; what is not given stays. A new name keeps id, keys, groups and attachments.</summary>
internal sealed class UpdateUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "UpdateUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var user = Lookup.User(writer, call);
                var name = call.Parameters.OptionalString("NewUserName") ?? user.Name;
                if (IdentityTable.IsTaken(writer, user.AccountId, IdentityKind.User, name, exceptId: user.Id))
                {
                    throw GatewayErrors.EntityAlreadyExistsUser.With();
                }

                IdentityTable.Update(writer, user, name, call.Parameters.OptionalString("NewComments") ?? user.Comments);
                UserTable.Update(writer, user.Id, NewDetails(UserTable.Get(writer, user.Id), call.Parameters));
                return new JsonObject { ["User"] = UserAnswer.Full(UserTable.Get(writer, user.Id)) };
            },
            cancellationToken);

    private static UserDetails NewDetails(UserRecord old, ActionParameters parameters) => new(
        parameters.OptionalString("NewDisplayName") ?? old.DisplayName,
        parameters.OptionalString("NewEmail") ?? old.Email,
        parameters.OptionalString("NewMobilePhone") ?? old.MobilePhone);
}
