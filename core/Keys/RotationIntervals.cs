using System.Globalization;

namespace KmsGateway.Core.Keys;

/// <summary>Time between rotations as the API writes it: <c>7d</c>, <c>604800s</c>. Source: kms-api.md section 9.</summary>
internal static class RotationIntervals
{
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(7);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(730);

    /// <summary>A positive integer and a unit <c>d</c>, <c>h</c>, <c>m</c> or <c>s</c>, 7 to 730 days; null for anything else.</summary>
    public static TimeSpan? Parse(string text)
    {
        const int mostDigits = 9;
        if (text.Length is < 2 or > mostDigits + 1
            || text[0] == '0'
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        TimeSpan? interval = text[^1] switch
        {
            'd' when number <= Longest.TotalDays => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            's' => TimeSpan.FromSeconds(number),
            _ => null,
        };
        return interval >= Shortest && interval <= Longest ? interval : null;
    }

    /// <summary>Whole seconds: <c>604800s</c>.</summary>
    public static string Format(TimeSpan interval) => string.Create(CultureInfo.InvariantCulture, $"{(long)interval.TotalSeconds}s");
}
