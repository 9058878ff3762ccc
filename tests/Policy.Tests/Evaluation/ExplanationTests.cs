using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Evaluation;

public sealed class ExplanationTests
{
    private const string Key = "acs:kms:cn-hangzhou:1000000000000001:key/1339cb7d";
    private const string UseApollo = """
        {
          "Version": "1",
          "Statement": [
            {"Effect": "Allow", "Action": "kms:ListKeys", "Resource": "*"},
            {"Sid": "UseApollo", "Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*",
             "Condition": {"StringEqualsIgnoreCase": {"kms:tag/Project": "Apollo"}}}
          ]
        }
        """;

    private static readonly PolicyPrincipal Alice = new(PrincipalType.User, "1000000000000001", "alice");

    [Fact]
    public void Explain_OfImplicitDenial_NamesTheNearestStatement()
    {
        var explanation = Explain([UseApollo], Check("kms:Decrypt", Key, ("acs:MFAPresent", "true")));
        var near = Assert.Single(explanation.Nearest);
        Assert.Equal(new StatementReference(PolicyLayer.Identity, -1, 0, 1), near.Reference);
        Assert.Equal(("kms:Decrypt", "*", 1), (near.Action.Matched, near.Resource.Matched, near.MissedBy));
        Assert.Equal(5, near.Statement.Span.Start.Line);
        var condition = Assert.Single(near.Conditions);
        Assert.Equal((ConditionOutcome.KeyMissing, true), (condition.Outcome, condition.Found.IsEmpty));
        Assert.Equal<string>(["kms:tag/Project"], explanation.MissingContext);
        Assert.Equal<string>(["acs:MFAPresent"], explanation.UnusedContext);
        Assert.Empty(explanation.DecidedBy);
        Assert.Equal(
            "Denied: no statement allows kms:Decrypt on key 1339cb7d. Nearest: AppKeys v3, statement 1 (UseApollo), which needs kms:tag/Project = Apollo; the key has no such tag, or none is supplied for this action.",
            explanation.Describe(_ => "AppKeys v3"));
    }

    [Theory]
    [InlineData("acs:oss:*:*:bucket", ResourceMiss.Service)]
    [InlineData("acs:kms:cn-beijing:*:key/*", ResourceMiss.Region)]
    [InlineData("acs:kms:*:2000000000000002:key/*", ResourceMiss.Account)]
    [InlineData("acs:kms:*:*:secret/*", ResourceMiss.ResourceType)]
    [InlineData("acs:kms:*:*:key/other", ResourceMiss.ResourceId)]
    [InlineData("acs:kms:*:*:key", ResourceMiss.Container)]
    [InlineData("acs:kms:*:*:alias/payroll", ResourceMiss.AliasInsteadOfKey)]
    [InlineData("acs:kms:*:*:alias/*", ResourceMiss.AliasInsteadOfKey)]
    public void Explain_OfResourceMiss_TellsWhichFieldDiffers(string pattern, ResourceMiss miss)
    {
        var explanation = Explain([Allow("kms:Decrypt", pattern)], Check("kms:Decrypt", Key));
        Assert.Equal(miss, explanation.Nearest[0].ResourceMiss);
        Assert.Equal<string>([pattern], explanation.Nearest[0].Resource.Unmatched);
    }

    [Theory]
    [InlineData("acs:kms:*:*:key/*", "acs:kms:cn-hangzhou:1000000000000001:key", ResourceMiss.Container)]
    [InlineData("acs:kms:*:*:key/*", "*", ResourceMiss.ResourceType)]
    [InlineData("acs:kms:*:*:key/*", "key/x", ResourceMiss.Malformed)]
    public void Explain_OfOtherResources_TellsTheReason(string pattern, string resource, ResourceMiss miss)
    {
        var all = PolicyEvaluator.ExplainAll(Policies([Allow("kms:ListKeys", pattern)]), new AuthorizationRequest(Alice, [Check("kms:ListKeys", resource)]), 0);
        Assert.Equal(miss, all[0].ResourceMiss);
    }

    [Fact]
    public void Explain_OfNotForms_TellsWhatExcludes()
    {
        const string text = """{"Version":"1","Statement":[{"Effect":"Allow","NotAction":["ram:*","kms:De*"],"NotResource":["acs:kms:*:*:alias/*","acs:kms:*:*:key/*"]}]}""";
        var one = PolicyEvaluator.ExplainAll(Policies([text]), new AuthorizationRequest(Alice, [Check("kms:Decrypt", Key)]), 0)[0];
        Assert.Equal(("kms:De*", "acs:kms:*:*:key/*", ResourceMiss.Excluded, 2), (one.Action.ExcludedBy, one.Resource.ExcludedBy, one.ResourceMiss, one.MissedBy));
        Assert.Empty(Explain([text], Check("kms:Decrypt", Key)).Nearest);
    }

    [Fact]
    public void Explain_OfManyNearStatements_GivesTheThreeNearest()
    {
        var texts = new[]
        {
            Allow("kms:Decrypt", "acs:kms:*:*:key/a", """{"Bool":{"acs:MFAPresent":"true"}}"""),
            Allow("kms:Decrypt", "acs:kms:*:*:key/b"),
            Allow("kms:Encrypt", "*"),
            Allow("kms:*", "*", """{"Bool":{"acs:MFAPresent":"true"},"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"""),
            Allow("*", "*", """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}"""),
        };
        var explanation = Explain(texts, Check("kms:Decrypt", Key, ("acs:SourceIp", "8.8.8.8")));
        Assert.Equal([1, 4, 0], explanation.Nearest.Select(near => near.Reference.Policy));
        Assert.Equal([1, 1, 2], explanation.Nearest.Select(near => near.MissedBy));
        Assert.Equal<string>(["acs:MFAPresent"], explanation.MissingContext);
    }

    [Fact]
    public void Explain_OfExplicitDenial_NamesEveryMatchingDenyReportedFirst()
    {
        var texts = new[] { Allow("*", "*"), Deny("kms:Decrypt"), Deny("kms:Encrypt"), Deny("kms:*") };
        var explanation = Explain(texts, Check("kms:Decrypt", Key));
        Assert.Equal([1, 3], explanation.DecidedBy.Select(reference => reference.Policy));
        Assert.Empty(explanation.Nearest);
        Assert.Equal("Denied: identity policy 1, statement 0, denies kms:Decrypt on key 1339cb7d.", explanation.Text);
    }

    [Fact]
    public void Explain_OfAllow_NamesBothSides()
    {
        var key = KeyPolicy("acs:ram::1000000000000001:user/alice");
        var check = Check("kms:Decrypt", Key) with { ResourcePolicy = key };
        var explanation = Explain([Allow("kms:Decrypt", "*")], check);
        Assert.Equal([PolicyLayer.Identity, PolicyLayer.Resource], explanation.DecidedBy.Select(reference => reference.Layer));
        Assert.Equal("Allowed: identity policy 0, statement 0, allows kms:Decrypt on key 1339cb7d.", explanation.Text);
    }

    [Theory]
    [InlineData("acs:ram::1000000000000001:user/bob", PrincipalOutcome.NoMatch, "does not name the caller")]
    [InlineData("acs:ram::1000000000000001:*", PrincipalOutcome.AccountWideOnly, "names the whole account, which leaves the grant to identity policies")]
    public void Explain_OfKeyPolicy_TellsHowTheCallerIsNamed(string entry, PrincipalOutcome outcome, string words)
    {
        var explanation = Explain([], Check("kms:Decrypt", Key) with { ResourcePolicy = KeyPolicy(entry) });
        Assert.Equal((outcome, 1), (explanation.Nearest[0].Principal, explanation.Nearest[0].MissedBy));
        Assert.Contains(words, explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OfForeignKey_LooksAtTheSideThatLacks()
    {
        var check = Check("kms:Decrypt", Key.Replace("1000000000000001", "2000000000000002", StringComparison.Ordinal)) with { ResourcePolicy = KeyPolicy("acs:ram::3:root") };
        var explanation = Explain([Allow("kms:*", "*")], check);
        Assert.Equal(PolicyLayer.Resource, Assert.Single(explanation.Nearest).Reference.Layer);
    }

    [Fact]
    public void Explain_OfSessionAndControl_LooksAtTheirLayer()
    {
        var role = new PolicyPrincipal(PrincipalType.Role, "1000000000000001", "ops");
        var full = Allow("*", "*");
        var policies = new PolicySet([Parse(full, PolicyKind.Identity)], Parse(Allow("kms:Encrypt", "acs:kms:*:*:key/b"), PolicyKind.Session), [[Parse(full, PolicyKind.Control)], [Parse(Allow("kms:*", "*", """{"Bool":{"acs:MFAPresent":"true"}}"""), PolicyKind.Control)]]);
        Assert.Equal(
            "Denied: no control policy allows kms:Encrypt on key 1339cb7d. Nearest: control policy 0 of level 1, statement 0, which needs acs:MFAPresent = true; it is false.",
            Explain(policies, role, Check("kms:Encrypt", Key, ("acs:MFAPresent", "false"))).Text);
        Assert.Equal(
            "Denied: no session policy allows kms:Encrypt on key 1339cb7d. Nearest: session policy 0, statement 0, which names other resources.",
            Explain(policies, role, Check("kms:Encrypt", Key, ("acs:MFAPresent", "true"))).Text);
    }

    [Fact]
    public void Explain_OfTwoDenyingLevels_NamesTheDecidingOneOnly()
    {
        var deny = Parse(Deny("kms:Encrypt"), PolicyKind.Control);
        var policies = new PolicySet([], control: [[deny], [deny]]);
        Assert.Equal(new StatementReference(PolicyLayer.Control, 0, 0, 0), Assert.Single(Explain(policies, Alice, Check("kms:Encrypt", Key)).DecidedBy));
    }

    [Fact]
    public void Explain_OfDenyForTheWholeAccount_NamesIt()
    {
        var key = Parse("""{"Version":"1","Statement":[{"Effect":"Deny","Principal":{"RAM":"acs:ram::1000000000000001:*"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
        var explanation = Explain([Allow("*", "*")], Check("kms:Decrypt", Key) with { ResourcePolicy = key });
        Assert.Equal(PolicyLayer.Resource, Assert.Single(explanation.DecidedBy).Layer);
    }

    [Fact]
    public void Explain_OfEquallyNearPatterns_TellsTheFirst()
    {
        const string text = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":["acs:oss:*:2:key/*","acs:kms:cn-beijing:*:key/*","acs:kms:*:2:key/*"]}]}""";
        Assert.Equal(ResourceMiss.Region, Explain([text], Check("kms:Decrypt", Key)).Nearest[0].ResourceMiss);
    }

    [Fact]
    public void Explain_OfRoot_NeedsNoStatement() =>
        Assert.Equal(
            "Allowed: the root of an account may do kms:Decrypt on key 1339cb7d, which is its own.",
            Explain(PolicySet.Empty, new PolicyPrincipal(PrincipalType.Root, "1000000000000001", ""), Check("kms:Decrypt", Key)).Text);

    [Fact]
    public void Explain_OfAnotherCheck_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyEvaluator.Explain(PolicySet.Empty, new AuthorizationRequest(Alice, [Check("kms:Decrypt", Key)]), default(Decision) with { Check = 1 }));

    private static Explanation Explain(string[] identity, PolicyCheck check) => Explain(Policies(identity), Alice, check);

    private static Explanation Explain(PolicySet policies, PolicyPrincipal principal, PolicyCheck check)
    {
        var request = new AuthorizationRequest(principal, [check]);
        return PolicyEvaluator.Explain(policies, request, PolicyEvaluator.Evaluate(policies, request));
    }

    private static PolicySet Policies(string[] identity) => new([.. identity.Select(text => Parse(text, PolicyKind.Identity))]);

    private static PolicyDocument Parse(string text, PolicyKind kind) => GoldenCases.DecisionCase.Parse(text, kind);

    private static PolicyDocument KeyPolicy(string entry) =>
        Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"{{entry}}"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);

    private static PolicyCheck Check(string action, string resource, params (string Key, string Value)[] context) =>
        new(action, resource, new ConditionContext(context.Select(entry => KeyValuePair.Create(entry.Key, ImmutableArray.Create(entry.Value)))));

    private static string Allow(string action, string resource, string condition = "{}") =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}","Condition":{{condition}}}]}""";

    private static string Deny(string action) => $$"""{"Version":"1","Statement":[{"Effect":"Deny","Action":"{{action}}","Resource":"*"}]}""";
}
