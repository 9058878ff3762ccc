using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Catalogue.Types;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Evaluation;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>
/// AssumeRoleWithOIDC: nobody signs it; the OIDC token is the proof, and the role's trust policy decides. A role that does
/// not exist answers like one that does not trust, and so does every role when the provider's account is missing or disabled. Source: ram-sts-api.md, STS.
/// </summary>
internal sealed class FederatedCallRunner(OidcTokenCheck tokens, OidcProviders providers, Standings standings, SessionIssuer issuer)
{
    /// <summary>Attempts of one address in a minute: there is no access key to count by.</summary>
    private const int AttemptsPerMinute = 600;

    private readonly AddressLimit attempts = new(AttemptsPerMinute);

    /// <summary>The members of the answer.</summary>
    public async Task<ReadOnlyMemory<byte>> RunAsync(Call call)
    {
        if (!attempts.TryCount(call.Circumstances!.SourceIp, call.ReceivedAt))
        {
            throw GatewayErrors.ThrottlingUser.With();
        }

        var parameters = ParameterValidator.Validate(call.Action!, call.Request!.Parameters);
        var token = await tokens.VerifyAsync(parameters.String("OIDCProviderArn"), parameters.String("OIDCToken"), call.Aborted);
        call.Authentication = AuthenticationOutcome.Federated(
            new Identity(PrincipalKind.Federated, token.Provider.AccountId, token.Subject, token.Provider.Arn));
        call.Parameters = parameters;

        var caller = new SessionCaller(PrincipalType.Federated, string.Empty, 0, token.Provider.Arn);
        var context = call.Circumstances.ToContext(TokenContext(token));
        var role = FindRole(parameters.String("RoleArn"), caller, context) ?? throw GatewayErrors.OidcNoPermission.With();
        var answer = issuer.Open(role, parameters, new Assumption(caller, SessionLink.CircumstancesOf(context), []));
        answer["OIDCTokenInfo"] = TokenInfo(token);
        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    private Standing? FindRole(string arn, SessionCaller caller, ConditionContext context) =>
        providers.IsActive(caller.Name)
        && RamSyntax.TryReadRoleArn(arn, out var account, out var name)
        && standings.RoleNamed(account, name) is { IsAccountActive: true, Role: { } terms } role
        && SessionTrust.Admits(terms, arn, caller.ToPolicyPrincipal(), context)
            ? role
            : null;

    private static ConditionContext TokenContext(OidcToken token) => new(
    [
        KeyValuePair.Create("oidc:iss", ImmutableArray.Create(token.Provider.Issuer)),
        KeyValuePair.Create("oidc:aud", ImmutableArray.Create(token.Audience)),
        KeyValuePair.Create("oidc:sub", ImmutableArray.Create(token.Subject)),
    ]);

    private static JsonObject TokenInfo(OidcToken token) => new()
    {
        ["Subject"] = token.Subject,
        ["Issuer"] = token.Provider.Issuer,
        ["ClientIds"] = token.Audience,
        ["IssuanceTime"] = StsApi.Time(token.Issued),
        ["ExpirationTime"] = StsApi.Time(token.Expires),
        ["VerificationInfo"] = "Success",
    };
}
