using System.Globalization;
using System.Numerics;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>Numbers that tell apart what comparisons with given numbers can: these, one between each two, one on either side.</summary>
internal static class NumberValues
{
    /// <summary>A number has one digit before the point at least, so no more than this behind it.</summary>
    private const int MaxScale = NumberText.MaxDigits - 1;

    private static readonly BigInteger One = BigInteger.Pow(10, MaxScale);

    internal static IEnumerable<string> TellingApart(IEnumerable<string> operands)
    {
        var points = new SortedSet<BigInteger>(operands.Select(Read));
        if (points.Count == 0)
        {
            return ["1"];
        }

        var sorted = points.ToArray();
        var between = Enumerable.Range(0, sorted.Length - 1).Select(i => Between(sorted[i], sorted[i + 1]));
        return sorted.Select(point => Write(point, MaxScale))
            .Concat(between)
            .Append(Between(sorted[^1], sorted[^1] + (2 * One)))
            .Append(Between(sorted[0] - (2 * One), sorted[0]))
            .OfType<string>();
    }

    /// <summary>Other notations of the same number.</summary>
    internal static IEnumerable<string> Notations(string number)
    {
        var digits = number.TrimStart('-');
        var sign = number.Length > digits.Length ? "-" : "";
        var longer = digits.Contains('.', StringComparison.Ordinal) ? $"{digits}0" : $"{digits}.0";
        return [number, $"{sign}0{digits}", $"{sign}{longer}", $"{sign}00{digits}", $"{sign}{longer}0", $"{sign}0{longer}"];
    }

    /// <summary>The number between the two with the fewest digits; null when none has few enough. Tried at either end per scale.</summary>
    private static string? Between(BigInteger low, BigInteger high)
    {
        for (var scale = 0; scale <= MaxScale; scale++)
        {
            var unit = BigInteger.Pow(10, MaxScale - scale);
            var first = (Floor(low, unit) + 1) * unit;
            var last = -(Floor(-high, unit) + 1) * unit;
            if (first < high && (Write(first, scale) ?? Write(last, scale)) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private static BigInteger Floor(BigInteger value, BigInteger unit)
    {
        var quotient = BigInteger.DivRem(value, unit, out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    private static BigInteger Read(string text)
    {
        var parts = text.TrimStart('-').Split('.');
        var fraction = (parts.Length > 1 ? parts[1] : "").PadRight(MaxScale, '0');
        var value = BigInteger.Parse(parts[0] + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        return text.StartsWith('-') ? -value : value;
    }

    /// <summary>With so many digits behind the point at most; null when it has too many in all.</summary>
    private static string? Write(BigInteger value, int scale)
    {
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(MaxScale + 1, '0');
        var fraction = digits[^MaxScale..][..scale].TrimEnd('0');
        var whole = digits[..^MaxScale].TrimStart('0').PadLeft(1, '0');
        var text = $"{(value.Sign < 0 ? "-" : "")}{whole}{(fraction.Length > 0 ? "." : "")}{fraction}";
        return whole.Length + fraction.Length <= NumberText.MaxDigits ? text : null;
    }
}
