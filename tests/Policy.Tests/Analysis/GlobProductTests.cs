using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Matching;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Analysis;

public sealed class GlobProductTests
{
    private const int Cases = 300;
    private const int FullCases = 50_000;

    private static readonly string[] Texts = [.. AllTexts(6)];

    /// <summary>The classes are those that every short text falls into, and dropping places that add nothing changes none of them.</summary>
    [Fact]
    public void Classes_GeneratedPatterns_AreThoseOfEveryTextAndOfTheSearchThatDropsNothing()
    {
        foreach (var seed in AnalysisRuns.Seeds(Cases, FullCases))
        {
            var dice = new Dice(seed);
            string[] patterns = [.. Enumerable.Range(0, dice.Next(1, 5)).Select(_ => string.Concat(Enumerable.Range(0, dice.Next(1, 5)).Select(_ => dice.Pick("a", "b", "*", "?", ":"))))];
            var pruned = Classes([Glob.Of("*"), .. patterns.Select(Glob.Of)], isPruned: true);
            Assert.Equal(Classes([Glob.Of("*"), .. patterns.Select(Glob.Of)], isPruned: false), pruned);
            var matchers = patterns.Select(pattern => new Wildcard(pattern)).ToArray();
            Assert.All(Texts, text => Assert.Contains("1" + string.Concat(matchers.Select(matcher => matcher.IsMatch(text) ? '1' : '0')), pruned));
        }
    }

    /// <summary>The same for patterns of fields, whose wildcards stop at colons in all fields but the last.</summary>
    [Fact]
    public void Classes_GeneratedResourcePatterns_AreThoseOfTheSearchThatDropsNothing()
    {
        foreach (var seed in AnalysisRuns.Seeds(Cases, FullCases))
        {
            var dice = new Dice(seed);
            Glob[] patterns = [Glob.AnyResource, .. Enumerable.Range(0, dice.Next(1, 4)).Select(_ => Glob.Of(ResourceSpace.Parse($"acs:{Field(dice, 1)}:{Field(dice, 0)}:{Field(dice, 0)}:{Field(dice, 1)}{dice.Pick("", ":", ":*", "*:a")}")))];
            Assert.Equal(Classes(patterns, isPruned: false), Classes(patterns, isPruned: true));
        }
    }

    /// <summary>The text that stands for a class falls into it.</summary>
    [Fact]
    public void Classes_GeneratedPatterns_AreShownByAMember()
    {
        foreach (var seed in AnalysisRuns.Seeds(Cases, FullCases))
        {
            var dice = new Dice(seed);
            string[] patterns = [.. Enumerable.Range(0, dice.Next(1, 6)).Select(_ => Field(dice, 1))];
            foreach (var found in new GlobProduct([.. patterns.Select(Glob.Of)], isFirstRequired: false).Classes())
            {
                Assert.Equal(patterns.Select(pattern => new Wildcard(pattern).IsMatch(found.Text)), found.Matches);
            }
        }
    }

    [Theory]
    [InlineData("k", "K", true)]
    [InlineData("\u03C3", "\u03C2", true)]
    [InlineData("\u00DF", "SS", false)]
    [InlineData("i", "\u0130", false)]
    [InlineData("\U00010428", "\U00010400", true)]
    public void LetterCase_OfTwoTexts_IsThatOfTheComparison(string one, string other, bool expected)
    {
        Assert.Equal(expected, string.Equals(one, other, StringComparison.OrdinalIgnoreCase));
        var product = new GlobProduct([Glob.LiteralIgnoringCase(one), Glob.Literal(other)], isFirstRequired: true);
        Assert.Equal(expected, product.Classes().Any(found => found.Matches[1]));
    }

    private static SortedSet<string> Classes(Glob[] patterns, bool isPruned)
    {
        var product = new GlobProduct(patterns, 1, new AnalysisBudget(long.MaxValue), isPruned);
        var classes = new SortedSet<string>(product.Classes().Select(found => string.Concat(found.Matches.Select(match => match ? '1' : '0'))), StringComparer.Ordinal);
        Assert.True(product.IsComplete);
        return classes;
    }

    private static string Field(Dice dice, int atLeast) => string.Concat(Enumerable.Range(0, dice.Next(atLeast, 4)).Select(_ => dice.Pick("a", "b", "*", "?")));

    private static IEnumerable<string> AllTexts(int length) => Enumerable.Range(0, length).Aggregate(
        (IEnumerable<string>)[""], (all, _) => all.SelectMany(text => text.Length == 0 || text[^1] != '.' ? new[] { text, text + "a", text + "b", text + "x", text + ":" } : [text])).Distinct().Take(4_000);
}
