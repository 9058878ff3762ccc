using System.Globalization;

namespace KmsGateway.Policy.Conditions;

/// <summary>
/// Addresses in strict notation: four decimal octets without leading zeros, or IPv6 without zone index. IPv4-mapped IPv6
/// counts as IPv4. Source: ram-policy.md 5.2, 11.
/// </summary>
internal static class AddressText
{
    private const int Groups = 8;
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    internal static bool TryParse(ReadOnlySpan<char> text, out IpValue address)
    {
        address = default;
        if (TryParseV4(text, out var v4))
        {
            address = new IpValue(v4, IsV4: true);
            return true;
        }

        if (!TryParseV6(text, out var v6))
        {
            return false;
        }

        var isMapped = v6 >> 32 == MappedPrefix >> 32;
        address = isMapped ? new IpValue((uint)(v6 & uint.MaxValue), IsV4: true) : new IpValue(v6, IsV4: false);
        return true;
    }

    internal static bool TryParseV4(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        for (var octets = 1; octets <= 4; octets++)
        {
            var dot = text.IndexOf('.');
            var octet = octets < 4 && dot >= 0 ? text[..dot] : text;
            if (!TryOctet(octet, out var number))
            {
                return false;
            }

            value = (value << 8) | number;
            text = text[Math.Min(octet.Length + 1, text.Length)..];
        }

        return true;
    }

    private static bool TryOctet(ReadOnlySpan<char> text, out uint value)
    {
        value = 0;
        if (text.Length is 0 or > 3 || (text[0] == '0' && text.Length > 1))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (uint)(c - '0');
        }

        return value <= byte.MaxValue;
    }

    internal static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = 0;
        var gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
        {
            return TryGroups(text, out value, out var all) && all == Groups;
        }

        var tail = text[(gap + 2)..];
        if (tail.Contains("::", StringComparison.Ordinal)
            || !TryGroups(text[..gap], out var high, out var before)
            || !TryGroups(tail, out var low, out var after)
            || before + after >= Groups
            || text[..gap].Contains('.'))
        {
            return false;
        }

        value = (high << (16 * (Groups - before))) | low;
        return true;
    }

    /// <summary>Groups of one to four hexadecimal digits; the last may be a dotted IPv4 address, which counts as two.</summary>
    private static bool TryGroups(ReadOnlySpan<char> text, out UInt128 value, out int count)
    {
        value = 0;
        count = 0;
        var isMore = !text.IsEmpty;
        while (isMore)
        {
            var colon = text.IndexOf(':');
            isMore = colon >= 0;
            var group = isMore ? text[..colon] : text;
            if (!isMore && TryParseV4(group, out var v4))
            {
                value = (value << 32) | v4;
                count += 2;
                return count <= Groups;
            }

            if (count == Groups || group.Length is 0 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            value = (value << 16) | number;
            count++;
            text = text[(colon + 1)..];
        }

        return true;
    }
}

/// <summary>An address by value; the two families never meet.</summary>
internal readonly record struct IpValue(UInt128 Value, bool IsV4)
{
    /// <summary>A notation that <see cref="AddressText"/> reads back.</summary>
    public override string ToString() => IsV4
        ? string.Join('.', Parts(4, 8).Select(part => part.ToString(CultureInfo.InvariantCulture)))
        : string.Join(':', Parts(8, 16).Select(part => part.ToString("x", CultureInfo.InvariantCulture)));

    private IEnumerable<uint> Parts(int count, int bits)
    {
        for (var part = count - 1; part >= 0; part--)
        {
            yield return (uint)((Value >> (part * bits)) & ((UInt128.One << bits) - 1));
        }
    }
}
