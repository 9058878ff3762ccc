using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Tests;

/// <summary>A null is a caller's mistake and is named as such, not met somewhere further down.</summary>
public sealed class NullArgumentTests
{
    private static readonly AuthorizationRequest Request = new(
        new PolicyPrincipal(PrincipalType.User, "1", "alice"),
        [new PolicyCheck("kms:Encrypt", "*", ConditionContext.Empty)]);

    private static readonly Dictionary<string, Action> Calls = new(StringComparer.Ordinal)
    {
        ["text of ActionPattern.TryParse"] = () => _ = ActionPattern.TryParse(null!, out _),
        ["action of ActionPattern.Covers"] = () => Pattern<ActionPattern>(ActionPattern.TryParse).Covers(null!),
        ["text of ResourcePattern.TryParse"] = () => _ = ResourcePattern.TryParse(null!, out _),
        ["resource of ResourcePattern.Covers"] = () => Pattern<ResourcePattern>(ResourcePattern.TryParse).Covers(null!),
        ["text of ConditionKey.TryParse"] = () => _ = ConditionKey.TryParse(null!, out _),
        ["name of ConditionKey.Is"] = () => Key().Is(null!),
        ["text of ConditionOperator.CanRead"] = () => ConditionOperators.All[0].CanRead(null!),
        ["context of Condition.Test"] = () => new Condition(ConditionOperators.All[0], Key(), ["x"]).Test(null!),
        ["text of PolicyParser.Parse"] = () => PolicyParser.Parse(null!, PolicyKind.Identity),
        ["document of PolicyWriter.Write"] = () => PolicyWriter.Write((PolicyDocument)null!),
        ["policies of PolicyEvaluator.Evaluate"] = () => PolicyEvaluator.Evaluate(null!, Request),
        ["request of PolicyEvaluator.Evaluate"] = () => PolicyEvaluator.Evaluate(PolicySet.Empty, null!),
        ["policies of PolicyEvaluator.Explain"] = () => PolicyEvaluator.Explain(null!, Request, default),
        ["request of PolicyEvaluator.Explain"] = () => PolicyEvaluator.Explain(PolicySet.Empty, null!, default),
        ["policies of PolicyEvaluator.ExplainAll"] = () => PolicyEvaluator.ExplainAll(null!, Request, 0),
        ["request of PolicyEvaluator.ExplainAll"] = () => PolicyEvaluator.ExplainAll(PolicySet.Empty, null!, 0),
        ["nameOf of Explanation.Describe"] = () => PolicyEvaluator.Explain(PolicySet.Empty, Request, PolicyEvaluator.Evaluate(PolicySet.Empty, Request)).Describe(null!),
    };

    private delegate bool Reader<T>(string text, out T? value);

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Call_WithNull_NamesTheParameter(string name) =>
        Assert.Equal(name.Split(' ')[0], Assert.Throws<ArgumentNullException>(Calls[name]).ParamName);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Explain_OfACheckThatTheCallDoesNotHave_NamesTheParameter(int check)
    {
        Assert.Equal("check", Assert.Throws<ArgumentOutOfRangeException>(() => PolicyEvaluator.ExplainAll(PolicySet.Empty, Request, check)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyEvaluator.Explain(PolicySet.Empty, Request, default(Decision) with { Check = check }));
    }

    private static T Pattern<T>(Reader<T> read)
        where T : class
    {
        Assert.True(read("*", out var pattern));
        return pattern!;
    }

    private static ConditionKey Key()
    {
        Assert.True(ConditionKey.TryParse("acs:SourceIp", out var key));
        return key;
    }
}
