using System.Text.Json.Nodes;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Sts;

/// <summary>Tells callers who they are; needs no permission. The only answer that prints a session as <c>assumed-role/...</c>.</summary>
internal sealed class GetCallerIdentity : IActionHandler
{
    /// <inheritdoc />
    public string Version => StsApi.Version;

    /// <inheritdoc />
    public string Action => "GetCallerIdentity";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) => Task.FromResult(Answer(call.Caller));

    private static JsonObject Answer(Identity caller) => caller.Kind switch
    {
        PrincipalKind.Root => Common(caller, "Account", caller.Arn, caller.Id, "UserId"),
        PrincipalKind.User => Common(caller, "RAMUser", caller.Arn, caller.Id, "UserId"),
        PrincipalKind.RoleSession => Common(
            caller,
            "AssumedRoleUser",
            $"acs:ram::{caller.AccountId}:assumed-role/{caller.Name}/{caller.SessionName}",
            $"{caller.Id}:{caller.SessionName}",
            "RoleId"),
        _ => throw new InvalidOperationException("an authenticated caller has a kind"),
    };

    private static JsonObject Common(Identity caller, string type, string arn, string principalId, string idMember) => new()
    {
        ["AccountId"] = caller.AccountId,
        ["Arn"] = arn,
        ["IdentityType"] = type,
        ["PrincipalId"] = principalId,
        [idMember] = caller.Id,
    };
}
