using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Makes a RAM user, who can do nothing yet.</summary>
internal sealed class CreateUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "CreateUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var parameters = call.Parameters;
                var account = call.Caller.AccountId;
                var name = parameters.String("UserName");
                if (IdentityTable.IsTaken(writer, account, IdentityKind.User, name))
                {
                    throw GatewayErrors.EntityAlreadyExistsUser.With();
                }

                if (IdentityTable.Count(writer, account, IdentityKind.User) >= store.Quotas.Users)
                {
                    throw GatewayErrors.LimitExceededUser.With();
                }

                var id = call.Given?.Id ?? EntityId.NewUser();
                IdentityTable.Insert(writer, id, account, IdentityKind.User, name, parameters.OptionalString("Comments") ?? string.Empty);
                UserTable.Insert(writer, id, new UserDetails(
                    parameters.OptionalString("DisplayName") ?? string.Empty,
                    parameters.OptionalString("Email") ?? string.Empty,
                    parameters.OptionalString("MobilePhone") ?? string.Empty));
                return new JsonObject { ["User"] = UserAnswer.Created(UserTable.Get(writer, id)) };
            },
            cancellationToken);
}
