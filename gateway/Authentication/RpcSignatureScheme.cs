using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>Signature version 1.0, HMAC-SHA1 over the parameters. Source: signing.md 2.</summary>
internal sealed class RpcSignatureScheme : ISignatureScheme
{
    /// <summary>Name of the scheme.</summary>
    public const string Name = "rpc-1.0";

    // Why: the text goes back to a caller who has proven nothing; a request of a megabyte must not earn five.
    private const int MaxQuotedBytes = 256 * 1024;

    private static readonly SearchValues<char> BareInNode = SearchValues.Create("!'()*");

    private static readonly string[] Mandatory =
    [
        WireNames.AccessKeyId, WireNames.Signature, WireNames.SignatureMethod, WireNames.SignatureVersion,
        WireNames.Timestamp, WireNames.Action, WireNames.Version,
    ];

    public string Style => Name;

    public KmsException? Read(RpcRequest request, out SignatureClaim? claim)
    {
        claim = null;
        var fault = MissingParameter(request.Parameters) ?? request.FormatFault() ?? Unsupported(request.Parameters);
        if (fault is not null)
        {
            return fault;
        }

        var nonce = request.Parameters.ValueOrNull(WireNames.SignatureNonce);
        claim = new SignatureClaim
        {
            AccessKeyId = request.Parameters.ValueOrNull(WireNames.AccessKeyId)!,
            Timestamp = request.Parameters.ValueOrNull(WireNames.Timestamp)!,

            // Why: the one client that sends milliseconds sends no nonce; with a nonce the vectors want a fraction refused.
            MayHaveFraction = nonce is null,
            Nonce = nonce,
            Signature = Decode(request.Parameters.ValueOrNull(WireNames.Signature)!),
        };
        return null;
    }

    public KmsException? Check(RpcRequest request, SignatureClaim claim, ReadOnlySpan<byte> secret)
    {
        using var buffer = new CanonicalBuffer();
        RpcStringToSign.Write(buffer, request.Method, request.Parameters.AsSpan());
        if (IsSigned(buffer, claim, secret))
        {
            return null;
        }

        var text = buffer.Written.Length <= MaxQuotedBytes ? buffer.ToString() : string.Empty;
        if (HasBareCharacters(request.Parameters.AsSpan()))
        {
            buffer.Clear();
            RpcStringToSign.Write(buffer, request.Method, request.Parameters.AsSpan(), isNodeVariant: true);
            if (IsSigned(buffer, claim, secret))
            {
                return null;
            }
        }

        var error = GatewayErrors.SignatureDoesNotMatch;
        return error.Because(string.Format(CultureInfo.InvariantCulture, error.Template, text));
    }

    private static KmsException? MissingParameter(ParameterCollection parameters)
    {
        foreach (var name in Mandatory)
        {
            if (parameters.ValueOrNull(name) is null)
            {
                return GatewayErrors.Missing(name).With(name);
            }
        }

        return null;
    }

    private static KmsException? Unsupported(ParameterCollection parameters)
    {
        if (parameters.ValueOrNull(WireNames.SignatureMethod) is not "HMAC-SHA1")
        {
            return GatewayErrors.InvalidSignatureMethod.With();
        }

        if (parameters.ValueOrNull(WireNames.SignatureVersion) is not "1.0")
        {
            return GatewayErrors.InvalidSignatureVersion.With();
        }

        // Why: an empty SignatureType means nothing (Python, Go), and a bearer token never gets here.
        return parameters.ValueOrNull(WireNames.SignatureType) is null
            ? null
            : KmsErrors.InvalidParameter.With(WireNames.SignatureType);
    }

    private static byte[] Decode(string signature)
    {
        var bytes = new byte[RpcStringToSign.SignatureBytes];
        return Convert.TryFromBase64String(signature, bytes, out var written) && written == bytes.Length ? bytes : [];
    }

    private static bool IsSigned(CanonicalBuffer buffer, SignatureClaim claim, ReadOnlySpan<byte> secret)
    {
        Span<byte> computed = stackalloc byte[RpcStringToSign.SignatureBytes];
        RpcStringToSign.Sign(secret, buffer.Written, computed);
        return CryptographicOperations.FixedTimeEquals(computed, claim.Signature);
    }

    private static bool HasBareCharacters(ReadOnlySpan<KeyValuePair<string, string>> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (name.AsSpan().ContainsAny(BareInNode) || value.AsSpan().ContainsAny(BareInNode))
            {
                return true;
            }
        }

        return false;
    }
}
