using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Conditions;

public sealed class ConditionOperatorsTests
{
    private static readonly string[] Names =
    [
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
        "Bool", "IpAddress", "NotIpAddress",
    ];

    [Fact]
    public void Table_AsSpecified_HoldsThe21Operators()
    {
        Assert.Equal(21, Names.Length);
        Assert.Equal(Names, ConditionOperators.All.Select(op => op.Name));
        Assert.Equal(Names.Where(name => name.Contains("Not", StringComparison.Ordinal)), ConditionOperators.All.Where(op => op.IsNegated).Select(op => op.Name));
    }

    [Theory]
    [InlineData("StringEquals", "a", "\u00E4", ConditionOutcome.NoMatch)]
    [InlineData("StringEquals", "\u00E9", "e\u0301", ConditionOutcome.NoMatch)]
    [InlineData("StringEqualsIgnoreCase", "\u00C4\u0416", "\u00E4\u0436", ConditionOutcome.Match)]
    [InlineData("StringEqualsIgnoreCase", "\U00010400", "\U00010428", ConditionOutcome.Match)]
    [InlineData("StringEqualsIgnoreCase", "\u03C2", "\u03A3", ConditionOutcome.Match)]
    [InlineData("StringEqualsIgnoreCase", "I", "\u0131", ConditionOutcome.NoMatch)]
    [InlineData("StringEqualsIgnoreCase", "i", "\u0130", ConditionOutcome.NoMatch)]
    [InlineData("StringEqualsIgnoreCase", "\u00DF", "SS", ConditionOutcome.NoMatch)]
    [InlineData("StringEqualsIgnoreCase", "\u00E9", "e\u0301", ConditionOutcome.NoMatch)]
    [InlineData("NumericEquals", "1", "one", ConditionOutcome.TypeError)]
    [InlineData("NumericNotEquals", "1", "one", ConditionOutcome.Match)]
    [InlineData("NumericLessThan", "1", null, ConditionOutcome.KeyMissing)]
    [InlineData("DateEquals", "2026-01-01T00:00Z", "2026-01-01", ConditionOutcome.TypeError)]
    [InlineData("Bool", "true", "1", ConditionOutcome.TypeError)]
    [InlineData("IpAddress", "10.0.0.0/8", "10.0.0.0/8", ConditionOutcome.TypeError)]
    [InlineData("NotIpAddress", "10.0.0.0/8", "10.0.0.0/8", ConditionOutcome.Match)]
    [InlineData("StringNotLike", "*", null, ConditionOutcome.Match)]
    [InlineData("StringNotLike", "*", "", ConditionOutcome.NoMatch)]
    public void Test_OfOneValue_ComesOut(string name, string wanted, string? found, ConditionOutcome outcome) =>
        Assert.Equal(outcome, Make(name, wanted).Test(found is null ? ConditionContext.Empty : Context("kms:tag/A", found)));

    /// <summary>R-CND-6: any readable value that matches is enough, beside others that cannot be read.</summary>
    [Fact]
    public void Test_OfSeveralValues_TakesAny()
    {
        var condition = Make("NumericEquals", "1");
        Assert.Equal(ConditionOutcome.Match, condition.Test(Context("kms:tag/A", "x", "1")));
        Assert.Equal(ConditionOutcome.NoMatch, condition.Test(Context("kms:tag/A", "x", "2")));
        Assert.Equal(ConditionOutcome.NoMatch, condition.Test(Context("kms:tag/A", "2", "3")));
        Assert.Equal(ConditionOutcome.NoMatch, condition.Test(Context("kms:tag/A", "2", "x")));
        Assert.Equal(ConditionOutcome.TypeError, condition.Test(Context("kms:tag/A", "x", "y")));
        Assert.Equal(ConditionOutcome.KeyMissing, condition.Test(Context("kms:tag/A")));
    }

    /// <summary>R-KEY-1, threat 12: the head ignores letter case, the tag key does not, and nothing is normalised.</summary>
    [Theory]
    [InlineData("acs:PrincipalARN", "ACS:principalarn", true)]
    [InlineData("kms:tag/Project", "KMS:TAG/Project", true)]
    [InlineData("kms:tag/Project", "kms:tag/project", false)]
    [InlineData("kms:tag/a/B", "kms:TAG/a/b", false)]
    [InlineData("kms:tag", "kms:tag/", false)]
    [InlineData("acs:SourceIp", "acs:SourceIp ", false)]
    public void Key_OfOtherSpelling_IsTheSameBeforeTheSlash(string text, string name, bool isSame)
    {
        Assert.True(ConditionKey.TryParse(text, out var key));
        Assert.Equal(isSame, key.Is(name));
    }

    /// <summary>R-DOC-17.</summary>
    [Theory]
    [InlineData("a:b", true)]
    [InlineData("a-1:b", true)]
    [InlineData("kms:tag/\u00e9 ", false)]
    [InlineData("kms:tag/\u00e9", true)]
    [InlineData("a:b:c", true)]
    [InlineData(":b", false)]
    [InlineData("a:", false)]
    [InlineData("ab", false)]
    [InlineData("", false)]
    [InlineData(":", false)]
    [InlineData("1a:b", false)]
    [InlineData("-a:b", false)]
    [InlineData("a_b:c", false)]
    [InlineData("\u00e9:b", false)]
    [InlineData("a:b\u0001", false)]
    [InlineData("a:b\u3000", false)]
    public void Key_OfText_HoldsToTheGrammar(string text, bool isKey)
    {
        Assert.Equal(isKey, ConditionKey.TryParse(text, out var key));
        Assert.Equal(isKey ? text : null, key?.ToString());
    }

    [Theory]
    [InlineData("NumericEquals", "1", "x")]
    [InlineData("DateLessThan", "2026-01-01T00:00Z", "2026")]
    [InlineData("Bool", "TRUE", "yes")]
    [InlineData("NotIpAddress", "::/0", "10.0.0.0/33")]
    [InlineData("StringLike", "\u0001", null)]
    public void CanRead_OfPolicyValue_AsksTheType(string name, string readable, string? unreadable)
    {
        Assert.True(ConditionOperators.TryFind(name, out var op));
        Assert.Equal(name, op.ToString());
        Assert.True(op.CanRead(readable));
        Assert.True(unreadable is null || !op.CanRead(unreadable));
    }

    /// <summary>Invariant: a condition is made of values that the parser held to the operator; anything else is a fault of the program.</summary>
    [Theory]
    [InlineData("NumericEquals")]
    [InlineData("IpAddress")]
    public void Condition_OfUnreadableValue_IsNeverMade(string name) => Assert.Contains("parser", Assert.Throws<InvalidOperationException>(() => Make(name, "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Context_OfTwoSpellings_IsOneKeyWithAllValues()
    {
        var context = new ConditionContext([KeyValuePair.Create("kms:TAG/A", System.Collections.Immutable.ImmutableArray.Create("x")), KeyValuePair.Create("kms:tag/A", System.Collections.Immutable.ImmutableArray.Create("1"))]);
        Assert.Equal(ConditionOutcome.Match, Make("StringEquals", "1").Test(context));
        Assert.Equal(ConditionOutcome.NoMatch, Make("StringNotEquals", "1").Test(context));
    }

    [Fact]
    public void Context_OfUnsetValues_IsAMissingKey() =>
        Assert.Equal(ConditionOutcome.KeyMissing, Make("StringEquals", "1").Test(new ConditionContext([KeyValuePair.Create("kms:tag/A", default(System.Collections.Immutable.ImmutableArray<string>))])));

    private static Condition Make(string name, params string[] wanted)
    {
        Assert.True(ConditionOperators.TryFind(name, out var op));
        Assert.True(ConditionKey.TryParse("kms:tag/A", out var key));
        return new Condition(op, key, [.. wanted]);
    }

    private static ConditionContext Context(string key, params string[] values) => new([KeyValuePair.Create(key, System.Collections.Immutable.ImmutableArray.Create(values))]);
}
