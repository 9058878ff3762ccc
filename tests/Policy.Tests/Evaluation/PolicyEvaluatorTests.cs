using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Evaluation;

public sealed class PolicyEvaluatorTests
{
    private const string Key = "acs:kms:cn-hangzhou:1000000000000001:key/0a1b";
    private const string Everything = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private static readonly PolicyPrincipal Alice = new(PrincipalType.User, "1000000000000001", "alice");

    [Fact]
    public void Evaluate_OfNoChecks_IsNoQuestion()
    {
        Assert.StartsWith("A call is decided by its checks", Assert.Throws<ArgumentException>(() => PolicyEvaluator.Evaluate(All, new AuthorizationRequest(Alice, []))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PolicyEvaluator.Evaluate(All, new AuthorizationRequest(Alice, default)));
    }

    [Theory]
    [InlineData("kms:Encrypt", "acs:kms:cn-hangzhou:1000000000000001")]
    [InlineData("kms:Encrypt", "key/0a1b")]
    [InlineData("kms:Encrypt", "")]
    [InlineData("Encrypt", Key)]
    [InlineData("kms:Encrypt:x", Key)]
    public void Evaluate_OfMalformedNames_Denies(string action, string resource)
    {
        var root = new PolicyPrincipal(PrincipalType.Root, "1000000000000001", "");
        foreach (var principal in new[] { Alice, root })
        {
            Assert.Equal(new Decision(Verdict.ImplicitDeny, PolicyLayer.Identity, -1, -1, -1, 0), Evaluate(All, principal, action, resource));
        }
    }

    [Fact]
    public void Evaluate_OfNobody_Denies() =>
        Assert.False(Evaluate(All, new PolicyPrincipal(PrincipalType.None, "1000000000000001", "x"), "kms:Encrypt", Key).IsAllowed);

    /// <summary>An account without an id owns nothing, not even a resource whose account field is empty.</summary>
    [Fact]
    public void Evaluate_OfRootWithoutAccount_OwnsNothing() =>
        Assert.False(Evaluate(PolicySet.Empty, new PolicyPrincipal(PrincipalType.Root, "", ""), "ram:GetUser", "acs:ram:::user/x").IsAllowed);

    [Fact]
    public void Evaluate_UnderAnInvalidSet_DeniesAllButRoot()
    {
        Assert.Equal(Verdict.ImplicitDeny, Evaluate(PolicySet.Invalid, Alice, "kms:Encrypt", Key).Verdict);
        Assert.True(Evaluate(PolicySet.Invalid, new PolicyPrincipal(PrincipalType.Root, "1000000000000001", ""), "kms:Encrypt", Key).IsAllowed);
    }

    /// <summary>Fail closed: an identity whose policies cannot be read might be denied by them, so a key policy must not grant.</summary>
    [Fact]
    public void Evaluate_UnderAnInvalidSet_TakesNoGrantOfAKeyPolicy()
    {
        var key = Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:user/alice"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
        var request = new AuthorizationRequest(Alice, [new PolicyCheck("kms:Encrypt", Key, ConditionContext.Empty, key)]);
        Assert.True(PolicyEvaluator.Evaluate(PolicySet.Empty, request).IsAllowed);
        Assert.Equal(new Decision(Verdict.ImplicitDeny, PolicyLayer.Identity, -1, -1, -1, 0), PolicyEvaluator.Evaluate(PolicySet.Invalid, request));
    }

    [Fact]
    public void PolicySet_OfUnsetLists_IsEmpty()
    {
        var policies = new PolicySet(default, control: [default]);
        Assert.True(policies.Identity.IsEmpty);
        Assert.Equal(PolicyLayer.Control, Evaluate(policies, Alice, "kms:Encrypt", Key).Layer);
    }

    /// <summary>R-PRN-3: an entry for somebody else behind the entry for the account takes nothing from it.</summary>
    [Fact]
    public void Evaluate_OfDenyForTheAccountAndAnother_AppliesToBoth()
    {
        var key = Parse("""{"Version":"1","Statement":[{"Effect":"Deny","Principal":{"RAM":["acs:ram::1000000000000001:*","acs:ram::1000000000000001:user/bob"]},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
        var request = new AuthorizationRequest(Alice, [new PolicyCheck("kms:Encrypt", Key, ConditionContext.Empty, key)]);
        Assert.Equal(Verdict.ExplicitDeny, PolicyEvaluator.Evaluate(All, request).Verdict);
    }

    /// <summary>R-EVAL-11 speaks of roles; on anything else of RAM either side is enough.</summary>
    [Fact]
    public void Evaluate_OfAssumeRoleOnAUser_IsAnOrdinaryAction() =>
        Assert.True(Evaluate(All, Alice, "sts:AssumeRole", "acs:ram::1000000000000001:user/role/x").IsAllowed);

    [Fact]
    public void PolicySet_OfOtherKinds_IsRefused()
    {
        var key = Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
        var identity = Parse(Everything, PolicyKind.Identity);
        Assert.StartsWith("This layer takes documents parsed as Identity.", Assert.Throws<ArgumentException>(() => new PolicySet([key])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PolicySet([], session: identity));
        Assert.Throws<ArgumentException>(() => new PolicySet([], control: [[identity]]));
        Assert.StartsWith("A resource has a key policy or a trust policy.", Assert.Throws<ArgumentException>(() => new PolicyCheck("kms:Encrypt", Key, ConditionContext.Empty, identity)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AD", Verdict.ImplicitDeny, 1)]
    [InlineData("DA", Verdict.ImplicitDeny, 0)]
    [InlineData("DE", Verdict.ExplicitDeny, 1)]
    [InlineData("EDE", Verdict.ExplicitDeny, 0)]
    [InlineData("DD", Verdict.ImplicitDeny, 0)]
    [InlineData("AAA", Verdict.Allow, 0)]
    [InlineData("AAE", Verdict.ExplicitDeny, 2)]
    public void Evaluate_OfSeveralChecks_ReportsTheWorstThenTheFirst(string letters, Verdict verdict, int check)
    {
        var policies = new PolicySet([Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:A","Resource":"*"},{"Effect":"Deny","Action":"kms:E","Resource":"*"}]}""", PolicyKind.Identity)]);
        var checks = letters.Select(letter => new PolicyCheck($"kms:{letter}", Key, ConditionContext.Empty)).ToImmutableArray();
        var decision = PolicyEvaluator.Evaluate(policies, new AuthorizationRequest(Alice, checks));
        Assert.Equal((verdict, check), (decision.Verdict, decision.Check));
    }

    /// <summary>R-EVAL-11 names sts:AssumeRole on a role; in any letter case, since actions ignore it (R-ACT-3).</summary>
    [Theory]
    [InlineData("sts:AssumeRole")]
    [InlineData("STS:assumerole")]
    public void Evaluate_OfAssumeRole_NeedsBothSides(string action)
    {
        var trust = Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:user/alice"},"Action":"sts:*"}]}""", PolicyKind.Trust);
        var request = new AuthorizationRequest(Alice, [new PolicyCheck(action, "acs:ram::1000000000000001:role/ops", ConditionContext.Empty, trust)]);
        Assert.Equal(PolicyLayer.Identity, PolicyEvaluator.Evaluate(PolicySet.Empty, request).Layer);
        Assert.True(PolicyEvaluator.Evaluate(All, request).IsAllowed);
    }

    /// <summary>Threat 12: OpenBao CVE-2025-64761 and kin: letter case opens nothing, look-alikes are others.</summary>
    [Theory]
    [InlineData("acs:ram::1000000000000001:user/ALICE")]
    [InlineData("acs:ram::1000000000000001:role/alice")]
    [InlineData("acs:ram::2000000000000002:user/alice")]
    public void Evaluate_OfOtherPrincipal_FindsNoGrant(string entry)
    {
        var key = Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"{{entry}}"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
        var request = new AuthorizationRequest(Alice, [new PolicyCheck("kms:Encrypt", Key, ConditionContext.Empty, key)]);
        Assert.False(PolicyEvaluator.Evaluate(PolicySet.Empty, request).IsAllowed);
    }

    [Fact]
    public void Evaluate_OfKeyPolicy_ReportsTheFirstGrantUnlessALaterDenyApplies()
    {
        const string grant = """{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:user/alice"},"Action":"kms:*","Resource":"*"}""";
        var deny = grant.Replace("Allow", "Deny", StringComparison.Ordinal);
        Assert.Equal((Verdict.Allow, 0), Decide(grant, grant));
        Assert.Equal((Verdict.ExplicitDeny, 2), Decide(grant, grant, deny, deny));

        static (Verdict Verdict, int Statement) Decide(params string[] statements)
        {
            var key = Parse($$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""", PolicyKind.Key);
            var decision = PolicyEvaluator.Evaluate(PolicySet.Empty, new AuthorizationRequest(Alice, [new PolicyCheck("kms:Encrypt", Key, ConditionContext.Empty, key)]));
            return (decision.Verdict, decision.Statement);
        }
    }

    private static PolicySet All => new([Parse(Everything, PolicyKind.Identity)]);

    private static Decision Evaluate(PolicySet policies, PolicyPrincipal principal, string action, string resource) =>
        PolicyEvaluator.Evaluate(policies, new AuthorizationRequest(principal, [new PolicyCheck(action, resource, ConditionContext.Empty)]));

    private static PolicyDocument Parse(string text, PolicyKind kind) => GoldenCases.DecisionCase.Parse(text, kind);
}
