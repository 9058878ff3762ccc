using System.Security.Cryptography;
using KmsGateway.Gateway.Wire;
using Microsoft.Extensions.Primitives;

namespace KmsGateway.Gateway.Authentication;

/// <summary>ACS3-HMAC-SHA256: canonical request, string to sign, signature. Source: signing.md 3.2.</summary>
internal static class Acs3StringToSign
{
    /// <summary>The one algorithm of the family that is offered.</summary>
    public const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>Bytes of a signature, and of the hashes in it.</summary>
    public const int SignatureBytes = 32;

    /// <summary>Appends the canonical request.</summary>
    /// <param name="buffer">Receives the text.</param>
    /// <param name="method">Upper-case HTTP method.</param>
    /// <param name="path">As sent.</param>
    /// <param name="query">Parameters of the query in ordinal order.</param>
    /// <param name="headers">Where the values of <paramref name="signedHeaders"/> are found.</param>
    /// <param name="signedHeaders">Names, lower case, joined by <c>;</c>.</param>
    /// <param name="body">The bytes received; they are hashed here, no header is believed.</param>
    public static void WriteCanonicalRequest(
        CanonicalBuffer buffer,
        string method,
        string path,
        ReadOnlySpan<KeyValuePair<string, string>> query,
        IHeaderDictionary headers,
        string signedHeaders,
        ReadOnlySpan<byte> body)
    {
        buffer.AppendAscii(method);
        buffer.Append((byte)'\n');
        buffer.AppendAscii(path);
        buffer.Append((byte)'\n');
        WriteQuery(buffer, query);
        buffer.Append((byte)'\n');
        foreach (var range in signedHeaders.AsSpan().Split(';'))
        {
            WriteHeader(buffer, headers, signedHeaders[range]);
        }

        buffer.Append((byte)'\n');
        buffer.AppendUtf8(signedHeaders);
        buffer.Append((byte)'\n');
        Span<byte> hash = stackalloc byte[SignatureBytes];
        SHA256.HashData(body, hash);
        buffer.AppendLowerHex(hash);
    }

    /// <summary>Appends <c>algorithm \n hex(SHA-256(canonical request))</c>.</summary>
    public static void WriteStringToSign(CanonicalBuffer buffer, ReadOnlySpan<byte> canonicalRequest)
    {
        Span<byte> hash = stackalloc byte[SignatureBytes];
        SHA256.HashData(canonicalRequest, hash);
        buffer.AppendAscii(Algorithm);
        buffer.Append((byte)'\n');
        buffer.AppendLowerHex(hash);
    }

    /// <summary>HMAC-SHA256 under the bare secret.</summary>
    public static void Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> stringToSign, Span<byte> signature) =>
        HMACSHA256.HashData(secret, stringToSign, signature);

    private static void WriteQuery(CanonicalBuffer buffer, ReadOnlySpan<KeyValuePair<string, string>> query)
    {
        for (var i = 0; i < query.Length; i++)
        {
            if (i > 0)
            {
                buffer.Append((byte)'&');
            }

            PercentEncoding.Append(buffer, query[i].Key, EncodingRule.Strict);
            buffer.Append((byte)'=');
            PercentEncoding.Append(buffer, query[i].Value, EncodingRule.Strict);
        }
    }

    private static void WriteHeader(CanonicalBuffer buffer, IHeaderDictionary headers, string name)
    {
        buffer.AppendUtf8(name);
        buffer.Append((byte)':');
        var values = headers[name];
        if (values.Count <= 1)
        {
            buffer.AppendUtf8(values.ToString().AsSpan().Trim());
        }
        else
        {
            buffer.AppendUtf8(Joined(values));
        }

        buffer.Append((byte)'\n');
    }

    private static string Joined(StringValues values)
    {
        var trimmed = Array.ConvertAll(values.ToArray(), static value => value?.Trim() ?? string.Empty);
        Array.Sort(trimmed, StringComparer.Ordinal);
        return string.Join(',', trimmed);
    }
}
