using System.Text.RegularExpressions;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Tests.Matching;

public sealed class WildcardTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("**", "", true)]
    [InlineData("?", "", false)]
    [InlineData("*?", "", false)]
    [InlineData("?", "a", true)]
    [InlineData("?", "ab", false)]
    [InlineData("a*", "a", true)]
    [InlineData("a*", "A", false)]
    [InlineData("*a", "ba", true)]
    [InlineData("*ab", "aab", true)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("[a]+", "[a]+", true)]
    [InlineData("a*z", "a\n\r\u2028z", true)]
    [InlineData("?", "\U0001F511", true)]
    [InlineData("??", "\U0001F511", false)]
    [InlineData("*??", "\U0001F511", false)]
    [InlineData("?*?", "\U0001F511", false)]
    [InlineData("*?x", "\U0001F511x", true)]
    [InlineData("a?b", "a\U0001F511b", true)]
    [InlineData("\U0001F511*", "\U0001F511x", true)]
    public void IsMatch_OfText_CoversTheWholeOfIt(string pattern, string text, bool isMatch)
    {
        Assert.Equal(isMatch, new Wildcard(pattern).IsMatch(text));
        Assert.Equal(isMatch, new Wildcard(pattern).IsMatch(text, out _));
    }

    /// <summary>Half of a surrogate pair is a code point by itself, at the end of the text and before or after other characters.</summary>
    [Fact]
    public void IsMatch_OfHalfAPair_CountsItAsOne()
    {
        foreach (var (pattern, text, isMatch) in new[] { ("?", "\uD83D", true), ("??", "a\uDC00", true), ("?", "a\uDC00", false), ("??", "\uD83Da", true), ("??", "\uDC00\uD83D", true), ("*?", "\uD83D", true), ("?", "\uD83D\uD83D", false) })
        {
            Assert.Equal(isMatch, new Wildcard(pattern).IsMatch(text));
        }
    }

    [Theory]
    [InlineData("Encrypt", "eNCRYPT", true)]
    [InlineData("enc*", "ENCRYPT", true)]
    [InlineData("*crypt", "DECRYPT", true)]
    [InlineData("k?s", "KMS", true)]
    [InlineData("kms", "\u212Ams", false)]
    [InlineData("k*", "\u212Ams", false)]
    [InlineData("*ms", "\u212Ams", true)]
    [InlineData("list", "l\u0131st", false)]
    [InlineData("a_b", "A?B", false)]
    [InlineData("a@", "a`", false)]
    [InlineData("*[", "{", false)]
    public void IsMatch_IgnoringCase_FoldsAsciiLettersOnly(string pattern, string text, bool isMatch)
    {
        Assert.Equal(isMatch, new Wildcard(pattern, ignoresAsciiCase: true).IsMatch(text));
        Assert.Equal(isMatch, new Wildcard(pattern, ignoresAsciiCase: true).IsMatch(text, out _));
    }

    /// <summary>Threat 8, the oracle: a regular expression, which the product never uses (MinIO 1467).</summary>
    [Fact]
    public void IsMatch_OfRandomText_AgreesWithARegularExpression() =>
        Laws.Law.Holds(20_000, seed =>
        {
            var random = new Random(seed);
            var pattern = Draw(random, "ab*?**?b", 9);
            var text = Draw(random, "aabb*?", 12);
            var isMatch = Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}\\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);
            return new Wildcard(pattern).IsMatch(text) == isMatch && new Wildcard(pattern).IsMatch(text, out _) == isMatch;
        });

    /// <summary>Threat 10: lakeFS 1996, minimatch CVE-2026-26996. Steps are counted; time would depend on the machine.</summary>
    [Theory]
    [InlineData("*a", 32, "b", 8192, 3 * 8192)]
    [InlineData("*?", 32, "b", 8192, 3 * 8192)]
    [InlineData("*aaaaaaaaab", 32, "c", 8192, 12 * 8192)]
    public void IsMatch_OfManyStars_StaysLinear(string unit, int repeat, string tail, int textLength, long maxSteps)
    {
        var pattern = new Wildcard(string.Concat(Enumerable.Repeat(unit, repeat)) + tail);
        Assert.False(pattern.IsMatch(new string('a', textLength), out var steps));
        Assert.InRange(steps, 1, maxSteps);
    }

    [Fact]
    public void IsMatch_OfAnyPattern_StaysWithinPatternTimesText() =>
        Laws.Law.Holds(5_000, seed =>
        {
            var random = new Random(seed);
            var pattern = Draw(random, "aab**?", 20);
            var text = Draw(random, "aaaab", 60);
            new Wildcard(pattern).IsMatch(text, out var steps);
            return steps <= (pattern.Length + 1L) * (text.Length + 1);
        });

    private static string Draw(Random random, string letters, int maxLength) =>
        new([.. Enumerable.Range(0, random.Next(maxLength + 1)).Select(_ => letters[random.Next(letters.Length)])]);
}
