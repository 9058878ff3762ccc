using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>Section 5.2: the positive operators, one request value against one policy value.</summary>
internal sealed partial class ReferenceOperators(SeededFault fault)
{
    internal bool Matches(string name, string found, string wanted) => name switch
    {
        "StringEquals" => fault == SeededFault.EqualsTakesWildcards ? ReferenceWildcard.Matches(wanted, found, fault) : found == wanted,
        "StringEqualsIgnoreCase" => fault == SeededFault.IgnoreCaseDoesNot ? found == wanted : Fold(found) == Fold(wanted),
        "StringLike" => fault == SeededFault.LikeIgnoresCase
            ? ReferenceWildcard.Matches(Fold(wanted), Fold(found), fault)
            : ReferenceWildcard.Matches(wanted, found, fault),
        "Bool" => Flag(found) is { } flag && flag == Flag(wanted),
        "IpAddress" => IsInside(found, wanted),
        _ when name.StartsWith("Numeric", StringComparison.Ordinal) => CompareNumbers(name["Numeric".Length..], found, wanted),
        _ when name.StartsWith("Date", StringComparison.Ordinal) => Instant(found) is { } instant && Compare(name["Date".Length..], instant.CompareTo(Instant(wanted)!.Value)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "none of the operators"),
    };

    /// <summary>R-COP-11.</summary>
    internal bool CanRead(string name, string found) => name switch
    {
        "Bool" => Flag(found) is not null,
        "IpAddress" => Address(found) is not null,
        _ when name.StartsWith("Numeric", StringComparison.Ordinal) => Number(found) is not null,
        _ when name.StartsWith("Date", StringComparison.Ordinal) => Instant(found) is not null,
        _ => true,
    };

    private bool CompareNumbers(string comparison, string found, string wanted) =>
        fault == SeededFault.NumbersComparedAsText
            ? Compare(comparison, Math.Sign(string.CompareOrdinal(found, wanted)))
            : Number(found) is { } number && Compare(comparison, number.CompareTo(Number(wanted)!.Value));

    private bool Compare(string comparison, int order) => comparison switch
    {
        "Equals" => order == 0,
        "LessThan" => order < 0 || (order == 0 && fault == SeededFault.LessThanIncludesEqual),
        "LessThanEquals" => order <= 0,
        "GreaterThan" => order > 0,
        "GreaterThanEquals" => order >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "none of the comparisons"),
    };

    /// <summary>"equal after simple case mapping (ordinal, culture-free)"</summary>
    private static string Fold(string text) => string.Concat(text.EnumerateRunes().Select(rune => Rune.ToUpperInvariant(rune).ToString()));

    /// <summary>A number as so many of the smallest fraction that 28 digits can write.</summary>
    private static BigInteger? Number(string text)
    {
        if (!NumberNotation().IsMatch(text) || text.Count(char.IsAsciiDigit) > 28)
        {
            return null;
        }

        var parts = text.Split('.');
        var fraction = (parts.Length == 2 ? parts[1] : "").PadRight(28, '0');
        return BigInteger.Parse(parts[0] + fraction, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static bool? Flag(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false : null;

    private long? Instant(string text)
    {
        var match = DateNotation().Match(text);
        if (!match.Success || !DateTime.TryParseExact(match.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return null;
        }

        int Group(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var fraction = match.Groups["f"].Success ? long.Parse(match.Groups["f"].Value.PadRight(7, '0'), CultureInfo.InvariantCulture) : 0;
        var (hour, minute, second) = (Group("h"), Group("m"), Group("s"));
        var offset = (Group("oh") * 60) + Group("om");
        if (hour > 23 || minute > 59 || second > 59 || Group("om") > 59 || offset > 14 * 60)
        {
            return null;
        }

        var sign = match.Groups["sign"].Value == "-" ? -1 : 1;
        var zone = fault == SeededFault.DateOffsetIgnored ? TimeSpan.Zero : TimeSpan.FromMinutes(sign * offset);
        return day.Ticks + new TimeSpan(hour, minute, second).Ticks + fraction - zone.Ticks;
    }

    private bool IsInside(string found, string range)
    {
        var parts = range.Split('/');
        if (Address(found) is not { } address || Address(parts[0]) is not { } first || address.Length != first.Length)
        {
            return false;
        }

        // An IPv4-mapped range counts its prefix from the IPv6 side.
        var isMapped = parts[0].Contains(':', StringComparison.Ordinal) && first.Length == 4;
        var prefix = parts.Length == 1 ? first.Length * 8 : int.Parse(parts[1], CultureInfo.InvariantCulture) - (isMapped ? 96 : 0);
        if (fault == SeededFault.HostBitsMatter && Enumerable.Range(prefix, (first.Length * 8) - prefix).Any(bit => Bit(first, bit)))
        {
            return false;
        }

        return Enumerable.Range(0, prefix).All(bit => Bit(address, bit) == Bit(first, bit));
    }

    private static bool Bit(byte[] bytes, int bit) => (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;

    private byte[]? Address(string text)
    {
        if (Ipv4Notation().IsMatch(text))
        {
            return IPAddress.Parse(text).GetAddressBytes();
        }

        if (!text.Contains(':', StringComparison.Ordinal) || text.AsSpan().ContainsAny("%[]/") || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 && fault != SeededFault.MappedAddressIsIpv6 ? address.MapToIPv4().GetAddressBytes() : address.GetAddressBytes();
    }

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NumberNotation();

    [GeneratedRegex(@"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?<h>[0-9]{2}):(?<m>[0-9]{2})(:(?<s>[0-9]{2})(\.(?<f>[0-9]{1,7}))?)?(Z|(?<sign>[+-])(?<oh>[0-9]{2}):(?<om>[0-9]{2}))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DateNotation();

    [GeneratedRegex(@"^((0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])\.){3}(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Ipv4Notation();
}
