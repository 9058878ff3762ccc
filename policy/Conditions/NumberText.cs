using System.Globalization;

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
        var digits = text.StartsWith("-", StringComparison.Ordinal) ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        return IsDigits(whole)
            && (point < 0 || IsDigits(fraction))
            && whole.Length + fraction.Length <= MaxDigits
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');
}
