using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>
/// Changes a role; what is not given stays. <c>RevokeSessions=true</c>, an extension of this service, ends every session that
/// was issued until now.
/// </summary>
internal sealed class UpdateRole(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "UpdateRole";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var trust = parameters.OptionalString("NewAssumeRolePolicyDocument");
        if (trust is not null)
        {
            DocumentCheck.Trust(trust, store.Quotas, GatewayErrors.BeyondLength("NewAssumeRolePolicyDocument"));
        }

        var seconds = SessionDuration.Read(parameters, "NewMaxSessionDuration");
        return store.Database.WriteAsync(
            writer =>
            {
                var identity = Lookup.Role(writer, call);
                var role = RoleTable.Get(writer, identity.Id);
                IdentityTable.Update(writer, identity, identity.Name, parameters.OptionalString("NewDescription") ?? role.Description);
                RoleTable.Update(writer, role, trust ?? role.TrustDocument, seconds ?? role.MaxSessionSeconds);
                if (parameters.Boolean("RevokeSessions") == true)
                {
                    RoleTable.RevokeSessions(writer, role);
                }

                return new JsonObject { ["Role"] = RoleAnswer.Full(RoleTable.Get(writer, role.Id)) };
            },
            cancellationToken);
    }
}
