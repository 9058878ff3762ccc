using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Authorization;

/// <summary>
/// What a refused caller is told beside the code: who was refused, what for, by which kind of policy; never the name of a
/// policy. Source: ram-policy.md 10, simulator.md 8.
/// </summary>
/// <param name="AuthAction">The permission that was missing, <c>kms:Encrypt</c>.</param>
/// <param name="AuthPrincipalType"><c>SubUser</c>, <c>AssumedRoleUser</c>, <c>Federated</c>.</param>
/// <param name="AuthPrincipalOwnerId">Account of the caller.</param>
/// <param name="AuthPrincipalDisplayName">User id, or <c>role:session</c>.</param>
/// <param name="NoPermissionType"><c>ExplicitDeny</c> or <c>ImplicitDeny</c>.</param>
/// <param name="PolicyType">The kind of policy that decided, in the vendor's words.</param>
/// <param name="EncodedDiagnosticMessage">Sealed; opens for <c>ram:DecodeDiagnosticMessage</c>.</param>
internal sealed record AccessDeniedDetail(
    string AuthAction,
    string AuthPrincipalType,
    string AuthPrincipalOwnerId,
    string AuthPrincipalDisplayName,
    string NoPermissionType,
    string PolicyType,
    string EncodedDiagnosticMessage)
{
    public static AccessDeniedDetail For(Identity caller, PolicyCheck check, Decision decision, string sealedDiagnosis) => new(
        check.Action,
        PrincipalTypeOf(caller),
        caller.AccountId,
        DisplayNameOf(caller),
        decision.Verdict.ToString(),
        PolicyTypeName.Of(decision.Layer, check),
        sealedDiagnosis);

    /// <summary>
    /// The same whatever the reason was, which stays in the sealed message: a Deny that names one key would otherwise tell a
    /// genuine ciphertext of that key from a made-up one (R-KMS-5).
    /// </summary>
    public AccessDeniedDetail WithoutCause() => this with
    {
        NoPermissionType = nameof(Verdict.ImplicitDeny),
        PolicyType = PolicyTypeName.Identity,
    };

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this)!.AsObject();

    public static string PrincipalTypeOf(Identity caller) => caller.Kind switch
    {
        PrincipalKind.RoleSession => "AssumedRoleUser",
        PrincipalKind.Federated => "Federated",
        _ => "SubUser",
    };

    public static string DisplayNameOf(Identity caller) => caller.Kind switch
    {
        PrincipalKind.RoleSession => $"{caller.Name}:{caller.SessionName}",
        _ => caller.Id,
    };
}
