using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Evaluation;

/// <summary>Whom the owner of a key lets know of it (ram-policy.md R-EVAL-9), held against the evaluator over a grid of policies.</summary>
public sealed class KeySharingTests
{
    private const string Resource = "acs:kms:cn-hangzhou:1000000000000001:key/k";

    private static readonly PolicyPrincipal[] Callers =
    [
        new(PrincipalType.Root, "2000000000000002", ""), new(PrincipalType.User, "2000000000000002", "bob"), new(PrincipalType.User, "2000000000000002", "Bob"),
        new(PrincipalType.Role, "2000000000000002", "bob"), new(PrincipalType.User, "3000000000000003", "bob"),
    ];

    [Theory]
    [InlineData("Allow", "user/bob", "kms:Encrypt", true)]
    [InlineData("Allow", "root", "kms:*", true)]
    [InlineData("Allow", "*", "kms:encrypt", true)]
    [InlineData("Deny", "root", "kms:*", false)]
    [InlineData("Allow", "user/bobby", "kms:*", false)]
    [InlineData("Allow", "role/bob", "kms:*", false)]
    [InlineData("Allow", "user/bob", "kms:Decrypt", false)]
    public void IsNamed_OneStatement_CountsEffectPrincipalAndAction(string effect, string principal, string action, bool isNamed) =>
        Assert.Equal(isNamed, KeySharing.IsNamed(Parse(Statement(effect, principal, action)), Callers[1], "kms:Encrypt"));

    [Fact]
    public void IsNamed_ConditionNotMet_StillNames() =>
        Assert.True(KeySharing.IsNamed(Parse(Statement("Allow", "root", "kms:*", "10.0.0.0/8")), Callers[1], "kms:Encrypt"));

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("")]
    [InlineData("kms:")]
    public void IsNamed_WhatIsNoPermission_NamesNobody(string permission) =>
        Assert.False(KeySharing.IsNamed(Parse(Statement("Allow", "root", "kms:*")), Callers[1], permission));

    [Fact]
    public void Grid_WhoIsAllowedIsNamed_AndWhatIsToldDecidesTheSame()
    {
        var statements = (
            from effect in new[] { "Allow", "Deny" }
            from principal in new[] { "root", "*", "user/bob", "role/bob" }
            from action in new[] { "kms:*", "kms:Encrypt", "kms:De*" }
            from address in new[] { null, "10.0.0.0/8", "127.0.0.1" }
            select Statement(effect, principal, action, address)).ToArray();
        var identity = new[] { """{"Effect":"Allow","Action":"*","Resource":"*"}""", """{"Effect":"Deny","Action":"kms:Encrypt","Resource":"*"}""" }
            .Select(text => PolicyParser.Parse($$"""{"Version":"1","Statement":[{{text}}]}""", PolicyKind.Identity).Document!).ToArray();
        PolicySet[] sets = [PolicySet.Empty, new([identity[0]]), new([identity[0], identity[1]])];
        var context = new ConditionContext([new("acs:SourceIp", ["127.0.0.1"])]);
        var verdicts = new Dictionary<Verdict, int>();
        foreach (var (first, second) in statements.SelectMany(first => statements.Select(second => (first, second))))
        {
            var policy = Parse($"{first},{second}");
            foreach (var caller in Callers)
            {
                var check = new PolicyCheck("kms:Encrypt", Resource, context, policy);
                var told = KeySharing.Told(policy, caller, check);
                foreach (var set in sets)
                {
                    var decision = PolicyEvaluator.Evaluate(set, new AuthorizationRequest(caller, [check]));
                    var retold = PolicyEvaluator.Evaluate(set, new AuthorizationRequest(caller, [check with { ResourcePolicy = told }]));
                    Assert.Equal((decision.Verdict, decision.Layer), (retold.Verdict, retold.Layer));
                    Assert.True(!decision.IsAllowed || KeySharing.IsNamed(policy, caller, check.Action));
                    verdicts[decision.Verdict] = verdicts.GetValueOrDefault(decision.Verdict) + 1;
                }
            }
        }

        Assert.Equal(3, verdicts.Count);
    }

    [Fact]
    public void Told_SaysNothingButTheVerdict()
    {
        var told = KeySharing.Told(
            Parse(Statement("Allow", "user/bob", "kms:*", "127.0.0.1")), Callers[1],
            new PolicyCheck("kms:Encrypt", Resource, new ConditionContext([new("acs:SourceIp", ["127.0.0.1"])])))!;
        var statement = Assert.Single(told.Statements);
        Assert.Empty(statement.Conditions);
        Assert.Equal("kms:Encrypt", Assert.Single(statement.Actions).Text);
    }

    private static PolicyDocument Parse(string statements) =>
        PolicyParser.Parse($$"""{"Version":"1","Statement":[{{statements}}]}""", PolicyKind.Key).Document!;

    private static string Statement(string effect, string principal, string action, string? address = null)
    {
        var condition = address is null ? "" : $$$""","Condition":{"IpAddress":{"acs:SourceIp":"{{{address}}}"}}""";
        return $$$"""{"Effect":"{{{effect}}}","Action":"{{{action}}}","Resource":"*","Principal":{"RAM":"acs:ram::2000000000000002:{{{principal}}}"}{{{condition}}}}""";
    }
}
