using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Sts;

/// <summary>Whoever assumes a role, proven and admitted.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Circumstances">Condition keys of the call, which the trust policy was asked with.</param>
/// <param name="Reached">Links of the session that assumes; empty for users and federated identities.</param>
internal sealed record Assumption(
    SessionCaller Caller, ImmutableArray<KeyValuePair<string, string>> Circumstances, ImmutableArray<SessionLink> Reached);

/// <summary>
/// Opens sessions: what AssumeRole and AssumeRoleWithOIDC have in common once the caller is admitted. Nothing is stored.
/// </summary>
internal sealed class SessionIssuer(RamStore store, GatewayKeys keys, TimeProvider clock)
{
    private const string MfaPresent = "acs:MFAPresent";

    /// <summary>Credentials and AssumedRoleUser of a new session of <paramref name="role"/>.</summary>
    public JsonObject Open(Standing role, ActionParameters parameters, Assumption assumption)
    {
        var seconds = parameters.Integer("DurationSeconds")!.Value;
        if (seconds > store.Database.Read(reader => RoleTable.Get(reader, role.Id)).MaxSessionSeconds)
        {
            throw GatewayErrors.InvalidDurationSeconds.With();
        }

        var policy = parameters.OptionalString("Policy");
        if (policy is not null && !PolicyParser.Parse(policy, PolicyKind.Session).IsValid)
        {
            throw GatewayErrors.InvalidPolicyGrammar.With();
        }

        var now = clock.GetUtcNow();
        using var secret = GeneratedAccessKey.CreateSecret();
        var contents = new SessionContents(
            GeneratedAccessKey.CreateSessionId(),
            secret,
            parameters.String("RoleSessionName"),
            DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + seconds),
            assumption.Circumstances.Any(entry => entry is { Key: MfaPresent, Value: "true" }),
            policy,
            [new SessionLink(role.Id, role.AccountId, role.Name, now, assumption.Caller, assumption.Circumstances), .. assumption.Reached]);
        return Answer(contents, keys.Sessions.Seal(contents) ?? throw TooLarge(policy));
    }

    private static KmsException TooLarge(string? policy) => policy is null
        ? GatewayErrors.InvalidRoleArn.Because("The chain of assumed roles is longer than a session can carry.")
        : GatewayErrors.InvalidPolicySize.With("2048");

    private static JsonObject Answer(SessionContents contents, string token)
    {
        var role = contents.Role;
        return new JsonObject
        {
            ["AssumedRoleUser"] = new JsonObject
            {
                ["Arn"] = $"{RamApi.RoleArn(role.AccountId, role.RoleName)}/{contents.SessionName}",
                ["AssumedRoleId"] = $"{EntityId.Text(role.RoleId)}:{contents.SessionName}",
            },
            ["Credentials"] = new JsonObject
            {
                ["AccessKeyId"] = contents.AccessKeyId,
                ["AccessKeySecret"] = Encoding.UTF8.GetString(contents.Secret.ExposeBytes()),
                ["SecurityToken"] = token,
                ["Expiration"] = StsApi.Time(contents.Expires),
            },
        };
    }
}
