using System.Globalization;
using System.Text;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>Texts and patterns as SMT-LIB 2 terms of the theory of strings. Source: ram-policy.md 4.1.</summary>
internal static class SmtPattern
{
    /// <summary>Any run of characters other than a colon, letters in lower case: what a service or an operation name is made of once case is folded.</summary>
    internal const string FoldedField = """(re.+ (re.union (re.range "\u{0}" "9") (re.range ";" "@") (re.range "[" "\u{2ffff}")))""";

    /// <summary>Any run of characters other than a colon.</summary>
    internal const string Field = """(re.* (re.union (re.range "\u{0}" "9") (re.range ";" "\u{2ffff}")))""";

    internal static string Text(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            var isPlain = rune.Value is >= ' ' and < 127 && rune.Value is not ('"' or '\\');
            quoted.Append(isPlain ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"));
        }

        return quoted.Append('"').ToString();
    }

    /// <summary><c>*</c> is any run, <c>?</c> one character, everything else itself.</summary>
    internal static string Wildcards(string pattern) => Sequence(pattern.EnumerateRunes().Select(rune => rune.Value switch
    {
        '*' => "re.all",
        '?' => "re.allchar",
        _ => $"(str.to_re {Text(rune.ToString())})",
    }));

    /// <summary>A text in any case of its ASCII letters.</summary>
    internal static string IgnoringCase(string text) => Sequence(text.Select(c =>
        char.IsAsciiLetter(c) ? $"(re.union (str.to_re {Text(char.ToLowerInvariant(c).ToString())}) (str.to_re {Text(char.ToUpperInvariant(c).ToString())}))" : $"(str.to_re {Text(c.ToString())})"));

    internal static string And(IEnumerable<string> terms) => Join("and", terms, "true");

    internal static string Or(IEnumerable<string> terms) => Join("or", terms, "false");

    private static string Sequence(IEnumerable<string> parts)
    {
        string[] all = [.. parts];
        return all.Length switch { 0 => "(str.to_re \"\")", 1 => all[0], _ => $"(re.++ {string.Join(' ', all)})" };
    }

    private static string Join(string op, IEnumerable<string> terms, string empty)
    {
        string[] all = [.. terms];
        return all.Length switch { 0 => empty, 1 => all[0], _ => $"({op} {string.Join(' ', all)})" };
    }
}
