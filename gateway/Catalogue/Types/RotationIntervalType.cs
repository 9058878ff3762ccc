using System.Globalization;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>A positive integer and a unit <c>d</c>, <c>h</c>, <c>m</c>, <c>s</c>, in a range. Source: kms-api.md 9.</summary>
/// <param name="min">Shortest, written the same way.</param>
/// <param name="max">Longest, written the same way.</param>
internal sealed class RotationIntervalType(string min, string max)
    : ScalarType(new ParameterShape("string") { Min = min, Max = max, Pattern = "^[1-9][0-9]*[dhms]$" })
{
    private const int MaxDigits = 9;

    private readonly long minSeconds = Seconds(min) ?? throw new ArgumentException("not an interval", nameof(min));
    private readonly long maxSeconds = Seconds(max) ?? throw new ArgumentException("not an interval", nameof(max));

    protected override ParameterReading Parse(string text)
    {
        if (Seconds(text) is not { } seconds)
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        return seconds >= minSeconds && seconds <= maxSeconds ? ParameterReading.Of(text) : ParameterReading.Refused(ParameterFault.Value);
    }

    private static long? Seconds(string text)
    {
        if (text.Length is < 2 or > MaxDigits + 1
            || text[0] == '0'
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return text[^1] switch
        {
            'd' => number * 86_400,
            'h' => number * 3_600,
            'm' => number * 60,
            's' => number,
            _ => null,
        };
    }
}
