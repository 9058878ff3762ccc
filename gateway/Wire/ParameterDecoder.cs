using System.Buffers;
using System.Text;
using System.Text.Unicode;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Wire;

/// <summary>
/// The one decoder of query strings and form bodies, strict: <c>+</c> is a blank, <c>%XY</c> a byte, the bytes are UTF-8;
/// anything else is refused. Source: signing.md 2.2.
/// </summary>
internal static class ParameterDecoder
{
    private const int StackBytes = 512;

    private static readonly SearchValues<byte> Escapes = SearchValues.Create((byte)'%', (byte)'+');

    /// <summary>Appends the pairs of <paramref name="text"/>; empty segments between two <c>&amp;</c> say nothing.</summary>
    public static void Decode(ReadOnlySpan<byte> text, List<KeyValuePair<string, string>> pairs)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'&');
            var segment = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (segment.IsEmpty)
            {
                continue;
            }

            if (pairs.Count == WireLimits.MaxParameters)
            {
                throw GatewayErrors.TooManyParameters.With();
            }

            pairs.Add(DecodePair(segment));
        }
    }

    private static KeyValuePair<string, string> DecodePair(ReadOnlySpan<byte> segment)
    {
        var equals = segment.IndexOf((byte)'=');
        var name = DecodeText(equals < 0 ? segment : segment[..equals], out _);
        if (name.Length == 0)
        {
            throw GatewayErrors.UndecodableRequest.With();
        }

        if (name.Length > WireLimits.MaxNameLength)
        {
            throw GatewayErrors.ParameterTooLong.With(Quotation.Of(name));
        }

        var value = DecodeText(equals < 0 ? default : segment[(equals + 1)..], out var valueBytes);
        if (valueBytes > WireLimits.MaxValueBytes)
        {
            throw GatewayErrors.ParameterTooLong.With(Quotation.Of(name));
        }

        return KeyValuePair.Create(name, value);
    }

    private static string DecodeText(ReadOnlySpan<byte> encoded, out int utf8Bytes)
    {
        if (!encoded.ContainsAny(Escapes))
        {
            utf8Bytes = encoded.Length;
            return ToText(encoded);
        }

        var rented = encoded.Length <= StackBytes ? null : ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            Span<byte> octets = rented ?? stackalloc byte[StackBytes];
            utf8Bytes = Unescape(encoded, octets);
            return ToText(octets[..utf8Bytes]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    private static int Unescape(ReadOnlySpan<byte> encoded, Span<byte> octets)
    {
        var written = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            octets[written++] = encoded[i] switch
            {
                (byte)'+' => (byte)' ',
                (byte)'%' => HexPair(encoded, ref i),
                var octet => octet,
            };
        }

        return written;
    }

    private static byte HexPair(ReadOnlySpan<byte> encoded, ref int index)
    {
        if (encoded.Length - index < 3 ||
            !char.IsAsciiHexDigit((char)encoded[index + 1]) ||
            !char.IsAsciiHexDigit((char)encoded[index + 2]))
        {
            throw GatewayErrors.UndecodableRequest.With();
        }

        var octet = (Digit(encoded[index + 1]) << 4) | Digit(encoded[index + 2]);
        index += 2;
        return (byte)octet;

        static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }

    private static string ToText(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return string.Empty;
        }

        if (KnownText.Find(utf8) is { } known)
        {
            return known;
        }

        if (!Utf8.IsValid(utf8))
        {
            throw GatewayErrors.UndecodableRequest.With();
        }

        return Encoding.UTF8.GetString(utf8);
    }
}
