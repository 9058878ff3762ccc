namespace KmsGateway.Policy.Conditions;

/// <summary>
/// Numbers as conditions write them: <c>-?[0-9]+(\.[0-9]+)?</c>, ASCII digits, at most 28 of them, so that a decimal holds
/// the value exactly. Source: ram-policy.md 5.2.
/// </summary>
internal static class NumberText
{
    internal const int MaxDigits = 28;

    internal static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        var isNegative = text.StartsWith('-');
        var digits = isNegative ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        if (!IsDigits(whole) || (point >= 0 && !IsDigits(fraction)) || whole.Length + fraction.Length > MaxDigits)
        {
            return false;
        }

        // Why: 28 digits fit into the 96 bits of a decimal; the framework's own reader takes more notations than this.
        var number = Append(Append(0, whole), fraction);
        value = new decimal(unchecked((int)(uint)number), unchecked((int)(uint)(number >> 32)), unchecked((int)(uint)(number >> 64)), isNegative, (byte)fraction.Length);
        return true;
    }

    private static UInt128 Append(UInt128 number, ReadOnlySpan<char> digits)
    {
        foreach (var c in digits)
        {
            number = (number * 10) + (uint)(c - '0');
        }

        return number;
    }

    private static bool IsDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}
