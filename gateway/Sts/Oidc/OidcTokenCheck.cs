using System.Collections.Frozen;
using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>A token that proved itself.</summary>
/// <param name="Provider">Who issued it.</param>
/// <param name="Subject"><c>sub</c>.</param>
/// <param name="Audience">The first <c>aud</c> that the provider's entry names.</param>
/// <param name="Issued"><c>iat</c>.</param>
/// <param name="Expires"><c>exp</c>.</param>
internal sealed record OidcToken(OidcProvider Provider, string Subject, string Audience, DateTimeOffset Issued, DateTimeOffset Expires);

/// <summary>
/// Verifies OIDC tokens: issuer, signature under a key of its JWKS, times, audience. Asymmetric signatures only. Source:
/// ram-sts-api.md, STS; RFC 8725.
/// </summary>
internal sealed partial class OidcTokenCheck : IDisposable
{
    /// <summary>How far the issuer's clock may be off.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = 20_000, MapInboundClaims = false };
    private readonly FrozenDictionary<string, (OidcProvider Provider, IssuerKeys Keys)> issuers;
    private readonly TimeProvider clock;
    private readonly ILogger<OidcTokenCheck> logger;

    public OidcTokenCheck(IEnumerable<OidcProvider> providers, IDocumentRetriever documents, TimeProvider clock, ILogger<OidcTokenCheck> logger)
    {
        (this.clock, this.logger) = (clock, logger);
        issuers = providers.ToFrozenDictionary(
            provider => provider.Arn, provider => (provider, new IssuerKeys(provider, documents, clock, logger)), StringComparer.Ordinal);
    }

    /// <summary>The token of that provider.</summary>
    /// <exception cref="KmsException">401 <c>AuthenticationFail.*</c>; 503 when the issuer's keys cannot be had.</exception>
    public async Task<OidcToken> VerifyAsync(string providerArn, string token, CancellationToken cancellationToken)
    {
        if (!issuers.TryGetValue(providerArn, out var issuer))
        {
            throw GatewayErrors.OidcNoPermission.With();
        }

        RefuseUnreadable(token);
        try
        {
            var result = await ValidateAsync(token, issuer.Provider, await issuer.Keys.GetAsync(cancellationToken));
            if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
            {
                result = await ValidateAsync(token, issuer.Provider, await issuer.Keys.RefreshAsync(cancellationToken));
            }

            return result.IsValid ? Read((JsonWebToken)result.SecurityToken, issuer.Provider) : throw RefusalOf(result.Exception);
        }
        catch (IssuerUnavailableException exception)
        {
            Log.Unavailable(logger, exception.Message, exception.InnerException?.Message);
            throw GatewayErrors.ServiceUnavailable.With();
        }
    }

    public void Dispose()
    {
        foreach (var (_, keys) in issuers.Values)
        {
            keys.Dispose();
        }
    }

    /// <summary>What need not be verified: no JWT, encrypted, unsigned, or signed with a secret.</summary>
    private void RefuseUnreadable(string token)
    {
        try
        {
            if (!Algorithms.Contains(handler.ReadJsonWebToken(token).Alg, StringComparer.Ordinal))
            {
                throw Invalid("The token is not signed with an algorithm that is accepted.");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            throw Invalid("The token is not a JsonWebToken.");
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string token, OidcProvider provider, ICollection<SecurityKey> keys) =>
        handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudiences = provider.ClientIds,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeys = keys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = IsInTime,
        });

    // Why an own one: the library's lives by the system's clock.
    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (expires is null)
        {
            throw new SecurityTokenNoExpirationException();
        }

        if (expires.Value <= now)
        {
            throw new SecurityTokenExpiredException();
        }

        var latest = now + Skew;
        return notBefore is not { } from || from <= latest ? IsIssued(token, latest) : throw new SecurityTokenNotYetValidException();
    }

    private static bool IsIssued(SecurityToken token, DateTime latest) =>
        ((JsonWebToken)token).IssuedAt <= latest ? true : throw new SecurityTokenNotYetValidException();

    private static OidcToken Read(JsonWebToken token, OidcProvider provider)
    {
        if (token.Subject is not { Length: > 0 and <= 255 } subject || token.IssuedAt == DateTime.MinValue)
        {
            throw Invalid("The token lacks sub or iat.");
        }

        return new OidcToken(
            provider,
            subject,
            token.Audiences.FirstOrDefault(provider.ClientIds.Contains) ?? throw GatewayErrors.OidcAudienceNotMatch.With(),
            new DateTimeOffset(token.IssuedAt, TimeSpan.Zero),
            new DateTimeOffset(token.ValidTo, TimeSpan.Zero));
    }

    private static KmsException RefusalOf(Exception fault) => fault switch
    {
        SecurityTokenExpiredException => GatewayErrors.OidcTokenExpired.With(),
        SecurityTokenInvalidAudienceException => GatewayErrors.OidcAudienceNotMatch.With(),
        SecurityTokenNotYetValidException => Invalid("The token is not valid yet."),
        SecurityTokenNoExpirationException => Invalid("The token has no expiration time."),
        SecurityTokenInvalidIssuerException => Invalid("The token is of another issuer."),
        SecurityTokenInvalidSignatureException => GatewayErrors.OidcInvalidSignature.With(),
        _ => Invalid("The token is not a JsonWebToken."),
    };

    private static KmsException Invalid(string why) => GatewayErrors.OidcTokenInvalid.With(why);

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Warning, "AssumeRoleWithOIDC: {Reason}: {Cause}")]
        public static partial void Unavailable(ILogger logger, string reason, string? cause);
    }
}
