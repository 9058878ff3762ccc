using System.Text;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>Section 4.1 as a table: can the first p elements of the pattern cover the first t code points of the text?</summary>
internal static class ReferenceWildcard
{
    internal static bool Matches(string pattern, string text, SeededFault fault)
    {
        var p = pattern.EnumerateRunes().ToArray();
        var t = fault == SeededFault.QuestionMarkCountsHalves ? [.. text.Select(c => char.IsSurrogate(c) ? new Rune('s') : new Rune(c))] : text.EnumerateRunes().ToArray();
        var covers = new bool[p.Length + 1, t.Length + 1];
        covers[0, 0] = true;
        for (var i = 1; i <= p.Length; i++)
        {
            for (var j = 0; j <= t.Length; j++)
            {
                covers[i, j] = p[i - 1].Value switch
                {
                    '*' => covers[i - 1, j] || (j > 0 && covers[i, j - 1] && !(fault == SeededFault.StarStopsAtSlash && t[j - 1].Value == '/')),
                    '?' => (j > 0 && covers[i - 1, j - 1]) || (fault == SeededFault.QuestionMarkMatchesNothing && covers[i - 1, j]),
                    _ => j > 0 && p[i - 1] == t[j - 1] && covers[i - 1, j - 1],
                };
            }
        }

        return fault == SeededFault.PatternsAreNotAnchored
            ? Enumerable.Range(0, t.Length + 1).Any(j => covers[p.Length, j])
            : covers[p.Length, t.Length];
    }
}
