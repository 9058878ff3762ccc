using System.Globalization;

namespace KmsGateway.Policy.Conditions;

/// <summary>
/// <c>address/prefix</c>, or one address; host bits are ignored. A range written on an IPv4-mapped address is an IPv4 range
/// when its prefix reaches into the IPv4 part. Source: ram-policy.md 5.2.
/// </summary>
internal readonly record struct AddressRange(IpValue First, UInt128 Mask)
{
    private const int V4Bits = 32;
    private const int V6Bits = 128;

    internal static bool TryParse(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        var slash = text.IndexOf('/');
        var notation = slash < 0 ? text : text[..slash];
        if (!AddressText.TryParse(notation, out var address))
        {
            return false;
        }

        var isWrittenAsV4 = !notation.Contains(':');
        var width = isWrittenAsV4 ? V4Bits : V6Bits;
        var prefix = width;
        if (slash >= 0 && !TryPrefix(text[(slash + 1)..], width, out prefix))
        {
            return false;
        }

        range = address.IsV4 && !isWrittenAsV4 ? OfMapped(address, prefix) : Of(address, prefix);
        return true;
    }

    internal bool Contains(IpValue address) => address.IsV4 == First.IsV4 && (address.Value & Mask) == First.Value;

    private static bool TryPrefix(ReadOnlySpan<char> text, int width, out int prefix)
    {
        prefix = 0;
        return text.Length is > 0 and <= 3
            && !text.ContainsAnyExceptInRange('0', '9')
            && (text[0] != '0' || text.Length == 1)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
            && prefix <= width;
    }

    private static AddressRange OfMapped(IpValue address, int prefix) =>
        prefix >= V6Bits - V4Bits
            ? Of(address, prefix - (V6Bits - V4Bits))
            : Of(new IpValue(((UInt128)0xFFFF << V4Bits) | address.Value, IsV4: false), prefix);

    private static AddressRange Of(IpValue address, int prefix)
    {
        var width = address.IsV4 ? V4Bits : V6Bits;
        var all = address.IsV4 ? uint.MaxValue : UInt128.MaxValue;
        var mask = prefix == 0 ? 0 : (all << (width - prefix)) & all;
        return new AddressRange(address with { Value = address.Value & mask }, mask);
    }
}
