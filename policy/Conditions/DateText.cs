namespace KmsGateway.Policy.Conditions;

/// <summary>
/// Instants as conditions write them: <c>YYYY-MM-DDThh:mm[:ss[.f{1,7}]](Z|+hh:mm|-hh:mm)</c>, upper-case T and Z, a day that
/// exists, a time zone always. Source: ram-policy.md 5.2.
/// </summary>
internal static class DateText
{
    private const int MaxOffsetMinutes = 14 * 60;
    private const int MaxFractionDigits = 7;

    /// <summary>Reads an instant as 100-nanosecond ticks of UTC; they may lie before the year 1 or after 9999 by an offset.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out long utcTicks)
    {
        utcTicks = 0;
        var rest = text;
        if (!TakeDay(ref rest, out var dayTicks) || !Take(ref rest, 'T') || !TakeTime(ref rest, out var timeTicks) || !TakeOffset(ref rest, out var offsetTicks) || !rest.IsEmpty)
        {
            return false;
        }

        utcTicks = dayTicks + timeTicks - offsetTicks;
        return true;
    }

    private static bool TakeDay(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (!TakeNumber(ref rest, 4, out var year)
            || !Take(ref rest, '-')
            || !TakeNumber(ref rest, 2, out var month)
            || !Take(ref rest, '-')
            || !TakeNumber(ref rest, 2, out var day)
            || year < 1
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = new DateOnly(year, month, day).DayNumber * TimeSpan.TicksPerDay;
        return true;
    }

    private static bool TakeTime(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        var second = 0;
        var fraction = 0L;
        if (!TakeNumber(ref rest, 2, out var hour) || !Take(ref rest, ':') || !TakeNumber(ref rest, 2, out var minute))
        {
            return false;
        }

        if (Take(ref rest, ':') && (!TakeNumber(ref rest, 2, out second) || (Take(ref rest, '.') && !TakeFraction(ref rest, out fraction))))
        {
            return false;
        }

        ticks = (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond) + fraction;
        return hour <= 23 && minute <= 59 && second <= 59;
    }

    private static bool TakeFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        var digits = 0;
        while (digits < rest.Length && digits <= MaxFractionDigits && char.IsAsciiDigit(rest[digits]))
        {
            ticks = (ticks * 10) + (rest[digits++] - '0');
        }

        for (var missing = digits; missing < MaxFractionDigits; missing++)
        {
            ticks *= 10;
        }

        rest = rest[digits..];
        return digits is > 0 and <= MaxFractionDigits;
    }

    private static bool TakeOffset(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (Take(ref rest, 'Z'))
        {
            return true;
        }

        var isBehind = Take(ref rest, '-');
        if ((!isBehind && !Take(ref rest, '+')) || !TakeNumber(ref rest, 2, out var hours) || !Take(ref rest, ':') || !TakeNumber(ref rest, 2, out var minutes))
        {
            return false;
        }

        ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        ticks = isBehind ? -ticks : ticks;
        return minutes <= 59 && (hours * 60) + minutes <= MaxOffsetMinutes;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, char expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> rest, int digits, out int value)
    {
        value = 0;
        if (rest.Length < digits)
        {
            return false;
        }

        foreach (var c in rest[..digits])
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        rest = rest[digits..];
        return true;
    }
}
