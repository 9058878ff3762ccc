using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// Step 9: the token of a temporary access key, wherever the client put it, and none with a long-term one. Hashes are compared
/// in constant time; the token itself is kept nowhere. Source: signing.md 7.1, decisions.md D9.
/// </summary>
internal sealed class SecurityTokenCheck(IAccessKeySource source, TimeProvider clock)
{
    /// <summary>The refusal, or null.</summary>
    public async ValueTask<KmsException?> RefuseAsync(RpcRequest request, AccessKey key, CancellationToken cancellationToken)
    {
        if (!TryFind(request, out var token))
        {
            return GatewayErrors.SecurityTokenMismatch.With();
        }

        if (key.Session is not { } session)
        {
            return token is null ? null : GatewayErrors.SecurityTokenMismatch.With();
        }

        if (token is null)
        {
            return GatewayErrors.Missing(WireNames.SecurityToken).With(WireNames.SecurityToken);
        }

        var hash = HashOf(token);
        if (!CryptographicOperations.FixedTimeEquals(hash, session.TokenHash.Span))
        {
            var isIssued = await source.IsIssuedTokenAsync(hash, cancellationToken);
            return (isIssued ? GatewayErrors.SecurityTokenMismatch : GatewayErrors.SecurityTokenMalformed).With();
        }

        return clock.GetUtcNow() < session.Expires ? null : GatewayErrors.SecurityTokenExpired.With();
    }

    /// <summary>The one token of a request, null when it brings none; false when two places name different tokens.</summary>
    public static bool TryFind(RpcRequest request, out string? token)
    {
        token = request.Parameters.ValueOrNull(WireNames.SecurityToken);
        var header = request.Headers[WireNames.SecurityTokenHeader];
        return header.Count <= 1 &&
            Agrees(request.Parameters.ValueOrNull(WireNames.StsToken), ref token) &&
            Agrees(header.Count == 0 ? null : header[0], ref token);
    }

    private static bool Agrees(string? other, ref string? token)
    {
        if (string.IsNullOrEmpty(other))
        {
            return true;
        }

        token ??= other;
        return string.Equals(token, other, StringComparison.Ordinal);
    }

    /// <summary>SHA-256 of the token's UTF-8 bytes.</summary>
    public static byte[] HashOf(string token)
    {
        using var buffer = new CanonicalBuffer();
        buffer.AppendUtf8(token);
        return SHA256.HashData(buffer.Written);
    }
}
