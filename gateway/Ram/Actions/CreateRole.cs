using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Makes a role that the principals of its trust policy may assume.</summary>
internal sealed class CreateRole(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "CreateRole";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var trust = call.Parameters.String("AssumeRolePolicyDocument");
        DocumentCheck.Trust(trust, store.Quotas, GatewayErrors.BeyondLength("AssumeRolePolicyDocument"));
        var seconds = SessionDuration.Read(call.Parameters, "MaxSessionDuration") ?? SessionDuration.DefaultSeconds;
        var tags = TagList.Read(call.Parameters, store.Quotas);
        return store.Database.WriteAsync(
            writer =>
            {
                var account = call.Caller.AccountId;
                var name = call.Parameters.String("RoleName");
                if (IdentityTable.IsTaken(writer, account, IdentityKind.Role, name))
                {
                    throw GatewayErrors.EntityAlreadyExistsRole.With();
                }

                if (IdentityTable.Count(writer, account, IdentityKind.Role) >= store.Quotas.Roles)
                {
                    throw GatewayErrors.LimitExceededRole.With();
                }

                var id = call.Given?.Id ?? EntityId.NewRole();
                IdentityTable.Insert(writer, id, account, IdentityKind.Role, name, call.Parameters.OptionalString("Description") ?? string.Empty);
                RoleTable.Insert(writer, id, trust, seconds);
                TagTable.AddToRole(writer, id, tags);
                return new JsonObject { ["Role"] = RoleAnswer.Created(RoleTable.Get(writer, id)) };
            },
            cancellationToken);
    }
}
