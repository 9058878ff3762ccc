using System.Buffers;
using System.Text;

namespace KmsGateway.Gateway.Wire;

/// <summary>Which characters stay as they are, and how often the text is encoded.</summary>
internal enum EncodingRule
{
    /// <summary>Not a rule.</summary>
    None = 0,

    /// <summary>RFC 3986: only <c>A-Z a-z 0-9 - _ . ~</c> stay.</summary>
    Strict,

    /// <summary>The strict rule applied twice, in one pass: what an RPC string to sign holds of a name or value.</summary>
    StrictTwice,

    /// <summary>As Node's querystring encodes: <c>! ' ( ) *</c> stay too.</summary>
    NodeQuerystring,

    /// <summary>Node's rule applied twice, in one pass.</summary>
    NodeQuerystringTwice,
}

/// <summary>
/// Percent-encoding of canonical strings, upper-case hex, over the UTF-8 of the text. Source: signing.md 2.3.
/// </summary>
internal static class PercentEncoding
{
    private const string UnreservedCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private static readonly SearchValues<char> Unreserved = SearchValues.Create(UnreservedCharacters);

    private static readonly SearchValues<char> NodeUnreserved = SearchValues.Create(UnreservedCharacters + "!'()*");

    /// <summary>Appends the encoded text. Lone surrogates cannot occur: the reader made the text from valid UTF-8.</summary>
    public static void Append(CanonicalBuffer buffer, ReadOnlySpan<char> text, EncodingRule rule)
    {
        var bare = rule is EncodingRule.Strict or EncodingRule.StrictTwice ? Unreserved : NodeUnreserved;
        var escape = rule is EncodingRule.StrictTwice or EncodingRule.NodeQuerystringTwice ? "%25"u8 : "%"u8;
        while (true)
        {
            var run = text.IndexOfAnyExcept(bare);
            if (run < 0)
            {
                buffer.AppendAscii(text);
                return;
            }

            buffer.AppendAscii(text[..run]);
            text = text[run..];
            text = text[AppendEscaped(buffer, text, escape)..];
        }
    }

    /// <summary>The encoded text as a string, for requests that are made here.</summary>
    public static string Encode(string text, EncodingRule rule = EncodingRule.Strict)
    {
        using var buffer = new CanonicalBuffer();
        Append(buffer, text, rule);
        return Encoding.ASCII.GetString(buffer.Written);
    }

    private static int AppendEscaped(CanonicalBuffer buffer, ReadOnlySpan<char> text, ReadOnlySpan<byte> escape)
    {
        Rune.DecodeFromUtf16(text, out var rune, out var consumed);
        Span<byte> utf8 = stackalloc byte[4];
        var count = rune.EncodeToUtf8(utf8);
        foreach (var octet in utf8[..count])
        {
            buffer.Append(escape);
            buffer.AppendHex(octet);
        }

        return consumed;
    }
}
