using System.Security.Claims;
using System.Text.Encodings.Web;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// What both handlers share: the request comes from the exchange, never from the server's parsers; a success is put into
/// <c>HttpContext.Features</c> as <see cref="Principal"/>. A request that was not read gives no result.
/// </summary>
internal abstract class SignatureHandler(
    ISignatureScheme signatureScheme,
    Principal.SignatureVerifier verifier,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<AuthenticationExchange>() is not { } exchange)
        {
            return AuthenticateResult.NoResult();
        }

        var outcome = await verifier.VerifyAsync(signatureScheme, exchange.Request, exchange.CancellationToken);
        exchange.Outcome = outcome;
        if (!outcome.IsAuthenticated)
        {
            // Why: ASP.NET Core logs this text; the caller's message may hold a security token.
            return AuthenticateResult.Fail(outcome.Error.Error.Code);
        }

        Context.Features.Set(outcome.Principal);
        return AuthenticateResult.Success(new AuthenticationTicket(ClaimsOf(outcome.Principal), Scheme.Name));
    }

    private ClaimsPrincipal ClaimsOf(Principal principal) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, principal.Identity.Arn), new Claim(WireNames.AccessKeyId, principal.AccessKeyId)],
        Scheme.Name));
}

/// <summary>Scheme <c>rpc-1.0</c>.</summary>
internal sealed class RpcSignatureHandler(
    RpcSignatureScheme signatureScheme,
    Principal.SignatureVerifier verifier,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : SignatureHandler(signatureScheme, verifier, options, logger, encoder);

/// <summary>Scheme <c>acs3</c>.</summary>
internal sealed class Acs3SignatureHandler(
    Acs3SignatureScheme signatureScheme,
    Principal.SignatureVerifier verifier,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : SignatureHandler(signatureScheme, verifier, options, logger, encoder);
