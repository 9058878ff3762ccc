using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Evaluation;

/// <summary>The sentences of denials, whole: operators ask for them in tickets.</summary>
public sealed class ExplanationTextTests
{
    private const string Account = "1000000000000001";
    private const string Key = $"acs:kms:cn-hangzhou:{Account}:key/1339cb7d";
    private const string Sixty = "123456789-123456789-123456789-123456789-123456789-123456789-";

    private static readonly PolicyPrincipal Alice = new(PrincipalType.User, Account, "alice");

    [Theory]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"}}""", "x", "needs acs:SourceVpc = a; it is x")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":["a","b","c"]}}""", "x", "needs acs:SourceVpc = a or b or c; it is x")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":["a","b","c","d"]}}""", "x", "needs acs:SourceVpc = a or b or c or ...; it is x")]
    [InlineData("""{"StringNotEquals":{"acs:SourceVpc":"a"}}""", "a", "needs acs:SourceVpc other than a; it is a")]
    [InlineData("""{"StringEqualsIgnoreCase":{"acs:SourceVpc":"a"}}""", "x", "needs acs:SourceVpc = a; it is x")]
    [InlineData("""{"StringLike":{"acs:SourceVpc":"a*"}}""", "x", "needs acs:SourceVpc like a*; it is x")]
    [InlineData("""{"StringNotLike":{"acs:SourceVpc":"a*"}}""", "ab", "needs acs:SourceVpc not like a*; it is ab")]
    [InlineData("""{"IpAddress":{"acs:SourceVpc":"10.0.0.0/8"}}""", "11.0.0.1", "needs acs:SourceVpc in 10.0.0.0/8; it is 11.0.0.1")]
    [InlineData("""{"NotIpAddress":{"acs:SourceVpc":"10.0.0.0/8"}}""", "10.0.0.1", "needs acs:SourceVpc outside 10.0.0.0/8; it is 10.0.0.1")]
    [InlineData("""{"NumericEquals":{"acs:SourceVpc":"1"}}""", "2", "needs acs:SourceVpc = 1; it is 2")]
    [InlineData("""{"NumericNotEquals":{"acs:SourceVpc":"1"}}""", "1", "needs acs:SourceVpc other than 1; it is 1")]
    [InlineData("""{"NumericLessThan":{"acs:SourceVpc":"1"}}""", "2", "needs acs:SourceVpc < 1; it is 2")]
    [InlineData("""{"NumericLessThanEquals":{"acs:SourceVpc":"1"}}""", "2", "needs acs:SourceVpc <= 1; it is 2")]
    [InlineData("""{"NumericGreaterThan":{"acs:SourceVpc":"1"}}""", "0", "needs acs:SourceVpc > 1; it is 0")]
    [InlineData("""{"NumericGreaterThanEquals":{"acs:SourceVpc":"1"}}""", "0", "needs acs:SourceVpc >= 1; it is 0")]
    [InlineData("""{"Bool":{"acs:SourceVpc":"true"}}""", "false", "needs acs:SourceVpc = true; it is false")]
    [InlineData("""{"NumericEquals":{"acs:SourceVpc":"1"}}""", "one", "needs acs:SourceVpc = 1; one cannot be read as that")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":""}}""", "x", "needs acs:SourceVpc = \"\"; it is x")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"}}""", "", "needs acs:SourceVpc = a; it is \"\"")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"}}""", Sixty, "needs acs:SourceVpc = a; it is " + Sixty)]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"}}""", Sixty + "1", "needs acs:SourceVpc = a; it is " + Sixty + "...")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"}}""", "123456789-123456789-123456789-123456789-123456789-123456789\U0001F511", "needs acs:SourceVpc = a; it is 123456789-123456789-123456789-123456789-123456789-123456789...")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"}}""", null, "needs acs:SourceVpc = a; the request does not carry it")]
    [InlineData("""{"StringEquals":{"KMS:Tag/A":"a"}}""", null, "needs KMS:Tag/A = a; the key has no such tag, or none is supplied for this action")]
    [InlineData("""{"StringEquals":{"acs:SourceVpc":"a"},"Bool":{"acs:MFAPresent":"true"}}""", "x", "needs acs:SourceVpc = a; it is x, and needs acs:MFAPresent = true; the request does not carry it")]
    public void Text_OfCondition_TellsWantedAndFound(string condition, string? found, string miss)
    {
        (string, string)[] context = found is null ? [] : [("acs:SourceVpc", found)];
        Assert.Equal(
            $"Denied: no statement allows kms:Decrypt on key 1339cb7d. Nearest: identity policy 0, statement 0, which {miss}.",
            Explain(Allow("kms:*", "\"*\"", condition), Check(Key, context)).Text);
    }

    [Theory]
    [InlineData("acs:oss:*:*:bucket", "names resources of another service")]
    [InlineData("acs:kms:cn-beijing:*:key/*", "names resources of another region")]
    [InlineData("acs:kms:*:2000000000000002:key/*", "names resources of another account")]
    [InlineData("acs:kms:*:*:secret/*", "names another type of resource")]
    [InlineData("acs:kms:*:*:key/other", "names other resources")]
    [InlineData("acs:kms:*:*:key", "takes the container for its items or the items for their container")]
    [InlineData("acs:kms:*:*:alias/payroll", "names an alias, where the key behind it is what is checked")]
    public void Text_OfResource_TellsWhichFieldDiffers(string pattern, string miss) =>
        Assert.Equal(
            $"Denied: no statement allows kms:Decrypt on key 1339cb7d. Nearest: identity policy 0, statement 0, which {miss}, and needs acs:MFAPresent = true; the request does not carry it.",
            Explain(Allow("kms:*", $"\"{pattern}\"", """{"Bool":{"acs:MFAPresent":"true"}}"""), Check(Key)).Text);

    [Fact]
    public void Text_OfExcludedResource_SaysSo() =>
        Assert.EndsWith(
            "statement 0 (NotMine), which excludes this resource.",
            Explain("""{"Version":"1","Statement":[{"Sid":"NotMine","Effect":"Allow","Action":"kms:*","NotResource":"acs:kms:*:*:key/*"}]}""", Check(Key)).Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("*", "kms:Decrypt")]
    [InlineData("acs:kms:cn-hangzhou:1000000000000001:alias/app", "kms:Decrypt on alias/app")]
    [InlineData("acs:kms:cn-hangzhou:1000000000000001:key", "kms:Decrypt on key")]
    [InlineData("key/1339cb7d", "kms:Decrypt on a malformed resource")]
    public void Text_OfCall_NamesWhatItIsOn(string resource, string call) =>
        Assert.Equal($"Denied: no statement allows {call}.", Explain(Allow("ram:*", "\"*\""), Check(resource)).Text);

    [Fact]
    public void Text_OfMalformedResource_BlamesItAndNotThePattern() =>
        Assert.EndsWith("which can cover no malformed resource.", Explain(Allow("kms:*", "\"acs:kms:*:*:key/*\""), Check("key/1339cb7d")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("Allow", "acs:ram::1000000000000001:user/bob", "Denied: no statement allows kms:Decrypt on key 1339cb7d. Nearest: resource policy 0, statement 0, which does not name the caller.")]
    [InlineData("Allow", "acs:ram::1000000000000001:root", "Denied: no statement allows kms:Decrypt on key 1339cb7d. Nearest: resource policy 0, statement 0, which names the whole account, which leaves the grant to identity policies.")]
    [InlineData("Allow", "acs:ram::1000000000000001:user/alice", "Allowed: resource policy 0, statement 0, allows kms:Decrypt on key 1339cb7d.")]
    [InlineData("Deny", "acs:ram::1000000000000001:*", "Denied: resource policy 0, statement 0, denies kms:Decrypt on key 1339cb7d.")]
    public void Text_OfKeyPolicy_NamesIt(string effect, string entry, string text)
    {
        var key = $$"""{"Version":"1","Statement":[{"Effect":"{{effect}}","Principal":{"RAM":"{{entry}}"},"Action":"kms:*","Resource":"*"}]}""";
        Assert.Equal(text, Explain(PolicySet.Empty, Check(Key) with { ResourcePolicy = GoldenCases.DecisionCase.Parse(key, PolicyKind.Key) }).Text);
    }

    [Fact]
    public void Text_OfSeveralMisses_GoesFromResourceToPrincipalToConditions()
    {
        const string key = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:user/bob"},"Action":"kms:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}]}""";
        Assert.EndsWith(
            "which does not name the caller, and needs acs:MFAPresent = true; the request does not carry it.",
            Explain(PolicySet.Empty, Check(Key) with { ResourcePolicy = GoldenCases.DecisionCase.Parse(key, PolicyKind.Key) }).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Encrypt", "*", false, true)]
    [InlineData("kms:Encrypt", "key/0a1b", true, false)]
    [InlineData("kms:Encrypt", "*", true, true)]
    public void Explanation_OfMalformedNames_IsNotMetEvenByAStar(string action, string resource, bool isActionMet, bool isResourceMet)
    {
        var policies = new PolicySet([GoldenCases.DecisionCase.Parse(Allow("*", "\"*\""), PolicyKind.Identity)]);
        var one = PolicyEvaluator.ExplainAll(policies, new AuthorizationRequest(Alice, [new PolicyCheck(action, resource, ConditionContext.Empty)]), 0)[0];
        Assert.Equal((isActionMet, isResourceMet), (one.Action.IsMet, one.Resource.IsMet));
    }

    [Fact]
    public void Text_OfControlDeny_NamesTheLevel() =>
        Assert.Equal(
            "Denied: control policy 0 of level 1, statement 0, denies kms:Decrypt on key 1339cb7d.",
            Explain(new PolicySet([], control: [[Control("Allow")], [Control("Deny")]]), Check(Key)).Text);

    private static PolicyDocument Control(string effect) => GoldenCases.DecisionCase.Parse($$"""{"Version":"1","Statement":[{"Effect":"{{effect}}","Action":"*","Resource":"*"}]}""", PolicyKind.Control);

    private static Explanation Explain(string identity, PolicyCheck check) => Explain(new PolicySet([GoldenCases.DecisionCase.Parse(identity, PolicyKind.Identity)]), check);

    private static Explanation Explain(PolicySet policies, PolicyCheck check)
    {
        var request = new AuthorizationRequest(Alice, [check]);
        return PolicyEvaluator.Explain(policies, request, PolicyEvaluator.Evaluate(policies, request));
    }

    private static PolicyCheck Check(string resource, params (string Key, string Value)[] context) =>
        new("kms:Decrypt", resource, new ConditionContext(context.Select(entry => KeyValuePair.Create(entry.Key, ImmutableArray.Create(entry.Value)))));

    private static string Allow(string action, string resource, string condition = "{}") =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":{{resource}},"Condition":{{condition}}}]}""";
}
