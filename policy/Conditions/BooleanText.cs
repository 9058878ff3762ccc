using System.Text;

namespace KmsGateway.Policy.Conditions;

/// <summary><c>true</c> or <c>false</c> in any letter case, nothing around it. Source: ram-policy.md 5.2.</summary>
internal static class BooleanText
{
    internal static bool TryParse(ReadOnlySpan<char> text, out bool value)
    {
        value = Ascii.EqualsIgnoreCase(text, "true");
        return value || Ascii.EqualsIgnoreCase(text, "false");
    }
}
