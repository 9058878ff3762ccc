using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Evaluation;

/// <summary>Long lists of candidates are sorted by resource; the first applicable statement must still be the one reported.</summary>
public sealed class LayerIndexTests
{
    private static readonly PolicyPrincipal Alice = new(PrincipalType.User, "1", "alice");

    [Theory]
    [InlineData("key/7", 7)]
    [InlineData("key/39", 39)]
    [InlineData("key/team/x", 40)]
    [InlineData("key/team/", 40)]
    [InlineData("key/team", -1)]
    [InlineData("key/xyz", 41)]
    [InlineData("key/40", -1)]
    [InlineData("secret/s", 42)]
    [InlineData("alias/a", 43)]
    [InlineData("alias/b", -1)]
    public void Evaluate_OfManyResources_ReportsTheFirstApplicable(string relativeId, int statement)
    {
        var resources = Enumerable.Range(0, 40).Select(i => $"acs:kms:*:*:key/{i.ToString(CultureInfo.InvariantCulture)}")
            .Concat(["acs:kms:*:*:key/team/*", "acs:kms:*:*:key/x?z", "acs:kms:*:*:*/s", "acs:*:cn:1:alias/a", "acs:kms:*:*:key/7", "acs:kms:*:2:alias/*"]);
        Assert.Equal(statement, FirstAllow(resources, $"acs:kms:cn:1:{relativeId}"));
    }

    /// <summary>Every character that an action may hold finds its way through the index.</summary>
    [Theory]
    [InlineData("kms:Do_It-9", "kms:Do_It-9", true)]
    [InlineData("k_9-x:*", "K_9-X:Any", true)]
    [InlineData("kms:Do_*", "kms:dO_It", true)]
    [InlineData("kms:Do_It", "kms:Do\u007fIt", false)]
    public void Evaluate_OfAction_FoldsLettersOnly(string pattern, string action, bool isAllowed)
    {
        var policies = new PolicySet([GoldenCases.DecisionCase.Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{pattern}}","Resource":"*"}]}""", PolicyKind.Identity)]);
        Assert.Equal(isAllowed, PolicyEvaluator.Evaluate(policies, new AuthorizationRequest(Alice, [new PolicyCheck(action, "*", ConditionContext.Empty)])).IsAllowed);
    }

    [Fact]
    public void Evaluate_OfStar_IsCoveredByStarOnly()
    {
        var resources = Enumerable.Repeat("acs:*:*:*:*", 20).Append("*").Append("acs:kms:*:*:key/*");
        Assert.Equal(20, FirstAllow(resources, "*"));
    }

    /// <summary>NotResource covers what it does not name, so its names must not sort it.</summary>
    [Fact]
    public void Evaluate_OfManyNotResources_FindsTheOneThatDoesNotName()
    {
        var statements = Enumerable.Range(0, 20).Select(i => i == 13
            ? """{"Effect":"Allow","Action":"kms:Encrypt","NotResource":"acs:kms:*:*:key/a"}"""
            : """{"Effect":"Allow","Action":"kms:Encrypt","NotResource":["acs:kms:*:*:key/a","acs:kms:*:*:key/b"]}""");
        var policies = new PolicySet([GoldenCases.DecisionCase.Parse($$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""", PolicyKind.Identity)]);
        var decision = PolicyEvaluator.Evaluate(policies, new AuthorizationRequest(Alice, [new PolicyCheck("kms:Encrypt", "acs:kms:cn:1:key/b", ConditionContext.Empty)]));
        Assert.Equal((Verdict.Allow, 13), (decision.Verdict, decision.Statement));
    }

    private static int FirstAllow(IEnumerable<string> resources, string asked)
    {
        var texts = resources.Chunk(20).Select(chunk => $$"""{"Version":"1","Statement":[{{string.Join(',', chunk.Select(resource => $$"""{"Effect":"Allow","Action":"kms:Encrypt","Resource":"{{resource}}"}"""))}}]}""");
        var policies = new PolicySet([.. texts.Select(text => GoldenCases.DecisionCase.Parse(text, PolicyKind.Identity))]);
        var decision = PolicyEvaluator.Evaluate(policies, new AuthorizationRequest(Alice, ImmutableArray.Create(new PolicyCheck("kms:Encrypt", asked, ConditionContext.Empty))));
        return decision.IsAllowed ? (decision.Policy * 20) + decision.Statement : -1;
    }
}
