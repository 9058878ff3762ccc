using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Authentication;

namespace KmsGateway.Gateway.Authentication;

/// <summary>Steps 4 to 11: chooses the one scheme that may judge a request and lets its handler do so. Source: signing.md 1.</summary>
internal static class RequestAuthentication
{
    private const string BearerType = "BEARERTOKEN";

    /// <summary>
    /// Authenticates. On success the principal is also in <c>HttpContext.Features</c> and <c>HttpContext.User</c>.
    /// </summary>
    public static async Task<AuthenticationOutcome> AuthenticateAsync(
        HttpContext context, RpcRequest request, CancellationToken cancellationToken)
    {
        var (scheme, settled) = Choose(request);
        if (settled is not null)
        {
            return settled;
        }

        var exchange = new AuthenticationExchange(request, cancellationToken);
        context.Features.Set(exchange);
        var result = await context.AuthenticateAsync(scheme);
        if (result.Succeeded)
        {
            context.User = result.Principal;
        }

        // Invariant: without an outcome the handler did not run, and nobody is let in.
        return exchange.Outcome ?? throw new InvalidOperationException("the authentication handler gave no outcome");
    }

    private static (string? Scheme, AuthenticationOutcome? Settled) Choose(RpcRequest request)
    {
        var parameters = request.Parameters;
        if (request.SelectedBy == SelectionSource.Headers)
        {
            return parameters.TryGetValue(WireNames.Signature, out _)
                ? (null, AuthenticationOutcome.Refused(GatewayErrors.IncompleteSignature.With(), Acs3SignatureScheme.Name))
                : (Acs3SignatureScheme.Name, null);
        }

        // Why: nothing but an ACS3 signature covers a body that is not a form.
        if (request.HasOpaqueBody)
        {
            return (null, AuthenticationOutcome.Refused(GatewayErrors.UndecodableRequest.With()));
        }

        if (BearerType.Equals(parameters.ValueOrNull(WireNames.SignatureType), StringComparison.OrdinalIgnoreCase))
        {
            return (null, AuthenticationOutcome.Refused(GatewayErrors.InvalidBearerToken.With()));
        }

        return parameters.TryGetValue(WireNames.Signature, out _) || parameters.TryGetValue(WireNames.AccessKeyId, out _)
            ? (RpcSignatureScheme.Name, null)
            : (null, AuthenticationOutcome.Unsigned(GatewayErrors.Missing(WireNames.AccessKeyId).With(WireNames.AccessKeyId)));
    }
}
