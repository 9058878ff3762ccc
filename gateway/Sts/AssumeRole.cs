using System.Text.Json.Nodes;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue.Types;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Sts;

/// <summary>
/// Opens a session of a role for a RAM user or another session. That the caller may, and that the role trusts it, was decided
/// before (R-EVAL-11). Source: ram-sts-api.md, STS.
/// </summary>
internal sealed class AssumeRole(Standings standings, SessionIssuer issuer) : IActionHandler
{
    /// <inheritdoc />
    public string Version => StsApi.Version;

    /// <inheritdoc />
    public string Action => "AssumeRole";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        if (call.Caller.Kind == Authentication.PrincipalKind.Root)
        {
            throw GatewayErrors.RootMayNotAssumeRoles.With();
        }

        if (!RamSyntax.TryReadRoleArn(call.Parameters.String("RoleArn"), out var account, out var name)
            || standings.RoleNamed(account, name) is not { } role)
        {
            throw GatewayErrors.StsRoleNotExist.With();
        }

        var answer = issuer.Open(role, call.Parameters, new Assumption(CallerOf(call.Caller), SessionLink.CircumstancesOf(call.Context), call.Caller.Session?.Links ?? []));
        if (call.Parameters.OptionalString("SourceIdentity") is { } source)
        {
            answer["SourceIdentity"] = source;
        }

        return Task.FromResult(answer);
    }

    private static SessionCaller CallerOf(Identity caller) => new(
        caller.Kind == Authentication.PrincipalKind.User ? PrincipalType.User : PrincipalType.Role,
        caller.AccountId,
        EntityId.Parse(caller.Id),
        caller.Name);
}
