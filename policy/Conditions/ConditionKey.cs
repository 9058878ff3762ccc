using System.Diagnostics.CodeAnalysis;
using System.Text;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Conditions;

/// <summary>
/// The name of a condition key, <c>service:name</c> or <c>service:name/tag-key</c>. What stands before the first <c>/</c> is
/// compared without regard to letter case, the tag key exactly. Source: ram-policy.md R-DOC-17, R-KEY-1.
/// </summary>
public sealed class ConditionKey
{
    private static readonly SharedTable<ConditionKey> Shared = new();

    private readonly int headLength;

    private ConditionKey(string text)
    {
        Text = text;
        headLength = text.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? slash : text.Length;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Reads a key: a letter, letters, digits or <c>-</c>, a colon, and one or more characters that are no blanks.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConditionKey? key)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1 || !IsService(text.AsSpan(0, colon)))
        {
            return false;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                return false;
            }
        }

        key = Shared.Share(text, new ConditionKey(text));
        return true;
    }

    /// <summary>Whether <paramref name="name"/>, a key that a request carries, is this key.</summary>
    public bool Is(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == Text.Length
            && name.AsSpan(0, headLength).Equals(Text.AsSpan(0, headLength), StringComparison.OrdinalIgnoreCase)
            && name.AsSpan(headLength).SequenceEqual(Text.AsSpan(headLength));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool IsService(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return char.IsAsciiLetter(text[0]);
    }
}
