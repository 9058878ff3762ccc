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
    public static string Sign(string method, string accessKeyId, string secret, string version, string action, IReadOnlyDictionary<string, string> parameters) =>
        new PreparedForm(method, accessKeyId, secret, version, action, parameters).Sign();

    public static string Nonce() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    public static string Timestamp() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Encode(string text)
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
    public static string Hmac(byte[] key, string text) => Convert.ToBase64String(HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
}
