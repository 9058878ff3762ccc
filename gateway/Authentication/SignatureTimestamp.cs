namespace KmsGateway.Gateway.Authentication;

/// <summary><c>yyyy-MM-ddTHH:mm:ssZ</c>, UTC, with an optional fraction of up to nine digits. Source: signing.md 2.1.</summary>
internal static class SignatureTimestamp
{
    private const int WholeLength = 20;
    private const int MaxFractionDigits = 9;
    private const string Shape = "dddd-dd-ddTdd:dd:ddZ";

    /// <summary>Reads a stamp; a fraction is cut off, as clients that send none have cut it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long unixSeconds, out bool hasFraction)
    {
        unixSeconds = 0;
        hasFraction = text.Length > WholeLength;
        if (text.Length < WholeLength || !HasShape(text) || (hasFraction && !HasFraction(text)))
        {
            return false;
        }

        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        var (hour, minute, second) = (Number(text[11..13]), Number(text[14..16]), Number(text[17..19]));
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) ||
            hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        unixSeconds = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).ToUnixTimeSeconds();
        return true;
    }

    private static bool HasShape(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < WholeLength - 1; i++)
        {
            if (Shape[i] == 'd' ? !char.IsAsciiDigit(text[i]) : text[i] != Shape[i])
            {
                return false;
            }
        }

        return text[^1] == 'Z';
    }

    private static bool HasFraction(ReadOnlySpan<char> text)
    {
        var digits = text[WholeLength..^1];
        return text[WholeLength - 1] == '.' && digits.Length is > 0 and <= MaxFractionDigits &&
            !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
