using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KmsGateway.Wire.Tests.Clients;

/// <summary>Signature 1.0, written from the specification and not from the product.</summary>
internal static class RpcSigner
{
    private const string Digits = "0123456789ABCDEF";

    private static readonly SearchValues<char> Bare = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    /// <summary>The signed form body (or query) of a call.</summary>
    public static string Sign(string method, string accessKeyId, string secret, string version, string action, IReadOnlyDictionary<string, string> parameters)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = action,
            ["Version"] = version,
            ["Format"] = "JSON",
            ["AccessKeyId"] = accessKeyId,
            ["SignatureMethod"] = "HMAC-SHA1",
            ["SignatureVersion"] = "1.0",
            ["SignatureNonce"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            ["Timestamp"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in parameters)
        {
            all.Add(name, value);
        }

        var text = string.Join('&', all.Select(pair => $"{Encode(pair.Key)}={Encode(pair.Value)}"));
        var signature = Hmac($"{secret}&", $"{method}&%2F&{Encode(text)}");
        return $"{text}&Signature={Encode(signature)}";
    }

    private static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Bare))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (Bare.Contains((char)octet))
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append('%').Append(Digits[octet >> 4]).Append(Digits[octet & 15]);
            }
        }

        return encoded.ToString();
    }

#pragma warning disable CA5350 // the protocol's algorithm
    private static string Hmac(string key, string text) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
}
