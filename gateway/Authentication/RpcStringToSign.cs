using System.Security.Cryptography;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>Signature 1.0: the text that is signed, and the signature over it. Source: signing.md 2.3.</summary>
internal static class RpcStringToSign
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureBytes = 20;

    private const int StackSecretBytes = 128;

    /// <summary>
    /// <c>METHOD &amp; %2F &amp; percentEncode(name=value&amp;...)</c>, in one pass: names and values are encoded twice at once.
    /// </summary>
    /// <param name="buffer">Receives the text.</param>
    /// <param name="method">Upper-case HTTP method.</param>
    /// <param name="sorted">All parameters in ordinal order; <c>Signature</c> is left out.</param>
    /// <param name="isNodeVariant">Whether <c>! ' ( ) *</c> stay bare, as one old client leaves them.</param>
    public static void Write(
        CanonicalBuffer buffer, string method, ReadOnlySpan<KeyValuePair<string, string>> sorted, bool isNodeVariant = false)
    {
        var rule = isNodeVariant ? EncodingRule.NodeQuerystringTwice : EncodingRule.StrictTwice;
        buffer.AppendAscii(method);
        buffer.Append("&%2F&"u8);
        var isFirst = true;
        foreach (var (name, value) in sorted)
        {
            if (string.Equals(name, WireNames.Signature, StringComparison.Ordinal))
            {
                continue;
            }

            if (!isFirst)
            {
                buffer.Append("%26"u8);
            }

            isFirst = false;
            PercentEncoding.Append(buffer, name, rule);
            buffer.Append("%3D"u8);
            PercentEncoding.Append(buffer, value, rule);
        }
    }

    /// <summary>HMAC-SHA1 under the secret followed by <c>&amp;</c>.</summary>
    public static void Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> stringToSign, Span<byte> signature)
    {
        var length = secret.Length + 1;
        Span<byte> key = length <= StackSecretBytes ? stackalloc byte[StackSecretBytes] : GC.AllocateUninitializedArray<byte>(length, pinned: true);
        key = key[..length];
        try
        {
            secret.CopyTo(key);
            key[^1] = (byte)'&';
#pragma warning disable CA5350 // the protocol of signature 1.0 prescribes HMAC-SHA1; as a MAC it is not broken
            HMACSHA1.HashData(key, stringToSign, signature);
#pragma warning restore CA5350
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
