using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>ACS3-HMAC-SHA256 over query, headers and body. Source: signing.md 3.</summary>
internal sealed class Acs3SignatureScheme : ISignatureScheme
{
    /// <summary>Name of the scheme.</summary>
    public const string Name = "acs3";

    private const int MaxQuotedBytes = 256 * 1024;

    private static readonly (string Header, string Parameter)[] Mandatory =
    [
        (WireNames.ActionHeader, WireNames.Action),
        (WireNames.VersionHeader, WireNames.Version),
        (WireNames.DateHeader, WireNames.Timestamp),
        (WireNames.NonceHeader, WireNames.SignatureNonce),
    ];

    public string Style => Name;

    public KmsException? Read(RpcRequest request, out SignatureClaim? claim)
    {
        claim = null;
        var header = request.Headers.Authorization;
        if (header.Count != 1)
        {
            return GatewayErrors.IncompleteSignature.With();
        }

        var isOffered = Acs3Authorization.AlgorithmOf(header[0]!).SequenceEqual(Acs3StringToSign.Algorithm);
        if (Acs3Authorization.TryParse(header[0]!) is not { } authorization)
        {
            // Why: the parts of an algorithm that is not offered may follow other rules.
            return (isOffered ? GatewayErrors.IncompleteSignature : GatewayErrors.InvalidSignatureMethod).With();
        }

        var fault = MissingHeader(request.Headers) ?? Contradiction(request) ?? Incomplete(authorization, request);
        if (fault is not null || !isOffered)
        {
            return fault ?? GatewayErrors.InvalidSignatureMethod.With();
        }

        claim = new SignatureClaim
        {
            AccessKeyId = authorization.Credential,
            Timestamp = request.Headers[WireNames.DateHeader].ToString(),
            MayHaveFraction = true,
            Nonce = request.Headers[WireNames.NonceHeader].ToString(),
            Signature = Decode(authorization.Signature),
            SignedHeaders = authorization.SignedHeaders,
        };
        return null;
    }

    public KmsException? Check(RpcRequest request, SignatureClaim claim, ReadOnlySpan<byte> secret)
    {
        if (!SignedHeaderNames.ArePresent(claim.SignedHeaders, request.Headers))
        {
            return GatewayErrors.IncompleteSignature.With();
        }

        using var canonical = new CanonicalBuffer();
        Acs3StringToSign.WriteCanonicalRequest(
            canonical, request.Method, request.Path, request.Query.AsSpan(), request.Headers, claim.SignedHeaders, request.Body.Span);
        using var stringToSign = new CanonicalBuffer();
        Acs3StringToSign.WriteStringToSign(stringToSign, canonical.Written);
        Span<byte> computed = stackalloc byte[Acs3StringToSign.SignatureBytes];
        Acs3StringToSign.Sign(secret, stringToSign.Written, computed);
        return CryptographicOperations.FixedTimeEquals(computed, claim.Signature) ? null : Mismatch(canonical, stringToSign);
    }

    private static KmsException Mismatch(CanonicalBuffer canonical, CanonicalBuffer stringToSign)
    {
        // Why: as for signature 1.0, nothing large goes back to a caller who has proven nothing.
        var quoted = canonical.Written.Length <= MaxQuotedBytes ? canonical.ToString() : string.Empty;
        var texts = $"server StringToSign is [{stringToSign}] server CanonicalRequest is [{quoted}]";
        var error = GatewayErrors.Acs3SignatureDoesNotMatch;
        return error.Because(string.Format(CultureInfo.InvariantCulture, error.Template, texts));
    }

    private static KmsException? MissingHeader(IHeaderDictionary headers)
    {
        foreach (var (header, parameter) in Mandatory)
        {
            var values = headers[header];
            if (values.Count > 1)
            {
                return GatewayErrors.IncompleteSignature.With();
            }

            if (string.IsNullOrEmpty(values.ToString()))
            {
                return GatewayErrors.Missing(parameter).With(parameter);
            }
        }

        return headers[WireNames.ContentHashHeader].Count == 1 ? null : GatewayErrors.IncompleteSignature.With();
    }

    // Why: two names for the operation in one request invite two readings of it (decisions.md D9).
    private static KmsException? Contradiction(RpcRequest request)
    {
        if (Differs(request.Parameters, WireNames.Action, request.Action))
        {
            return KmsErrors.InvalidParameter.With(WireNames.Action);
        }

        return Differs(request.Parameters, WireNames.Version, request.Version)
            ? KmsErrors.InvalidParameter.With(WireNames.Version)
            : null;

        static bool Differs(ParameterCollection parameters, string name, string? selected) =>
            parameters.TryGetValue(name, out var value) && !string.Equals(value, selected, StringComparison.Ordinal);
    }

    private static KmsException? Incomplete(Acs3Authorization authorization, RpcRequest request)
    {
        if (authorization.Credential.Length > WireLimits.MaxAccessKeyIdLength)
        {
            return GatewayErrors.ParameterTooLong.With(WireNames.AccessKeyId);
        }

        return SignedHeaderNames.IsWellFormed(authorization.SignedHeaders) &&
            SignedHeaderNames.CoverRequest(authorization.SignedHeaders, request)
                ? null
                : GatewayErrors.IncompleteSignature.With();
    }

    private static byte[] Decode(string signature)
    {
        var bytes = new byte[Acs3StringToSign.SignatureBytes];
        return signature.Length == 2 * bytes.Length &&
            Convert.FromHexString(signature, bytes, out _, out _) == OperationStatus.Done
                ? bytes
                : [];
    }
}
