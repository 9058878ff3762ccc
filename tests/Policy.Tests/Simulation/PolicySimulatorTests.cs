using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;
using KmsGateway.Policy.Tests.GoldenCases;
using Xunit;

namespace KmsGateway.Policy.Tests.Simulation;

/// <summary>Simulations against the evaluator and against each other. Source: simulator.md 9.</summary>
public sealed class PolicySimulatorTests
{
    private const string Key = "acs:kms:cn-hangzhou:1000000000000001:key/1339cb7d";
    private const string UseApollo = """
        {"Version":"1","Statement":[
          {"Effect":"Allow","Action":["kms:Encrypt","kms:DescribeKey"],"Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}},
          {"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"},
          {"Effect":"Deny","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"acs:MFAPresent":"false"}}}]}
        """;

    private static readonly SimulatedPrincipal Alice = User("alice", UseApollo);
    private static readonly SimulatedPrincipal Bob = User("bob");
    private static readonly SimulatedResource Apollo = new("apollo", Key, "arn", [KeyValuePair.Create("Project", "Apollo")]);
    private static readonly SimulatedResource Plain = new("plain", $"{Key}0", "arn", []);

    [Theory]
    [InlineData("kms:Encrypt", Verdict.Allow)]
    [InlineData("kms:DescribeKey", Verdict.ImplicitDeny)]
    public void Tags_AreSuppliedOnlyToActionsThatCarryThem(string action, Verdict expected) =>
        Assert.Equal(expected, Judge(Alice, action, Apollo).Decision.Verdict);

    [Fact]
    public void Simulate_SeveralCalls_IsAsStrictAsTheStrictest()
    {
        var noMfa = Context("acs:MFAPresent", "false");
        Assert.Equal(Verdict.Allow, Simulate(Call("kms:Encrypt", ConditionContext.Empty, Apollo)));
        Assert.Equal(Verdict.ImplicitDeny, Simulate(Call("kms:Encrypt", ConditionContext.Empty, Apollo, Plain)));
        Assert.Equal(Verdict.ExplicitDeny, Simulate(Call("kms:Encrypt", ConditionContext.Empty, Plain), Call("kms:Decrypt", noMfa, Apollo)));
    }

    [Fact]
    public void Simulate_WithoutCalls_IsRefused() => Assert.Throws<ArgumentException>(() => PolicySimulator.Simulate(Alice, []));

    [Fact]
    public void Matrix_EveryCell_IsTheSimulationOfThatCell()
    {
        MatrixContext[] contexts = [new("none", ConditionContext.Empty), new("no-mfa", Context("acs:MFAPresent", "false"))];
        var question = new MatrixQuestion([Alice, Bob], ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"], [Apollo, Plain], [.. contexts], []);

        var outcomes = PolicyMatrix.Judge(question);

        Assert.Equal(24, outcomes.Length);
        Assert.Equal("AAIIAEAEIIIIIIIIIIIIIIII", string.Concat(outcomes.Select(outcome => outcome.Letter)));
        Assert.All(outcomes, outcome =>
        {
            var call = new SimulatedCall(outcome.Cell.Action, [outcome.Cell.Resource], outcome.Cell.Context.Context);
            var simulated = PolicySimulator.Simulate(outcome.Cell.Principal, [call]);
            Assert.Equal(simulated.Results[0].Decision, outcome.Result.Decision);
        });
    }

    [Fact]
    public void Matrix_Expectations_TheFirstThatCoversCounts()
    {
        MatrixExpectation[] expected =
        [
            new("alice", "KMS:enc*", "apollo", "*", Verdict.Allow),
            new("alice", "*", "*", "*", Verdict.ExplicitDeny),
        ];
        var question = new MatrixQuestion(
            [Alice, Bob], ["kms:Encrypt"], [Apollo, Plain], [new("none", ConditionContext.Empty)], [.. expected]);

        var outcomes = PolicyMatrix.Judge(question);

        Assert.Equal([true, false, false, false], outcomes.Select(outcome => outcome.IsPassed));
        Assert.Equal([false, true, false, false], outcomes.Select(outcome => outcome.IsFailed));
    }

    [Theory]
    [InlineData(MatrixQuestion.MaxCells, true)]
    [InlineData(MatrixQuestion.MaxCells + 1, false)]
    public void Matrix_Size_IsLimited(int cells, bool isTaken)
    {
        var question = new MatrixQuestion(
            [Bob], [.. Enumerable.Repeat("kms:Encrypt", cells)], [Plain], [new("none", ConditionContext.Empty)], []);
        if (isTaken)
        {
            Assert.Equal(cells, PolicyMatrix.Judge(question).Length);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => PolicyMatrix.Judge(question));
        }
    }

    [Fact]
    public void WhoCan_OfFourCallers_TellsAlwaysConditionalAndBlocked()
    {
        var root = new SimulatedPrincipal("root", new PolicyPrincipal(PrincipalType.Root, "1000000000000001", ""), []);
        Assert.Equal(
            ["root Always", "alice Conditional"],
            Abilities(WhoCan.Find([root, Alice, Bob], Call("kms:Decrypt", ConditionContext.Empty, Plain), Plain)));
        Assert.Equal(["alice Blocked"], Abilities(WhoCan.Find([Alice, Bob], Call("kms:Decrypt", Context("acs:MFAPresent", "false"), Plain), Plain)));
        Assert.Equal(["alice Always"], Abilities(WhoCan.Find([Alice, Bob], Call("kms:Decrypt", Context("acs:MFAPresent", "true"), Plain), Plain)));
        Assert.Equal(["alice Conditional"], Abilities(WhoCan.Find([Alice, Bob], Call("kms:Encrypt", ConditionContext.Empty, Plain), Plain)));
    }

    [Fact]
    public void Write_Denied_TellsTheNearestStatementPartByPart()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            SimulationWriter.Write(writer, Judge(Alice, "kms:Encrypt", Plain), ExplainDetail.Deciding);
        }

        var result = JsonDocument.Parse(buffer.ToArray()).RootElement;
        Assert.Equal("ImplicitDeny", result.GetProperty("decision").GetString());
        var nearest = Assert.Single(result.GetProperty("nearest").EnumerateArray());
        Assert.Equal(
            """{"operator":"StringEquals","key":"kms:tag/Project","wanted":["Apollo"],"found":null,"result":"KeyMissing"}""",
            Assert.Single(nearest.GetProperty("conditions").EnumerateArray()).GetRawText());
        Assert.Equal("""{"matched":"kms:Encrypt"}""", nearest.GetProperty("action").GetRawText());
        Assert.Equal("""["kms:tag/Project"]""", result.GetProperty("missingContext").GetRawText());
    }

    private static IEnumerable<string> Abilities(IEnumerable<WhoCanEntry> entries) =>
        entries.Select(entry => $"{entry.Result.Caller.Label} {entry.Ability}");

    private static SimulatedPrincipal User(string name, params string[] policies) => new(
        name,
        new PolicyPrincipal(PrincipalType.User, "1000000000000001", name),
        [.. policies.Select((text, index) => new NamedPolicy($"Policy{index}", "v1", $"user/{name}", DecisionCase.Parse(text, PolicyKind.Identity)))]);

    private static SimulationResult Judge(SimulatedPrincipal caller, string action, SimulatedResource resource) =>
        PolicySimulator.Judge(caller, Call(action, ConditionContext.Empty, resource), resource);

    private static Verdict Simulate(params SimulatedCall[] calls) => PolicySimulator.Simulate(Alice, [.. calls]).Verdict;

    private static SimulatedCall Call(string action, ConditionContext context, params SimulatedResource[] resources) => new(action, [.. resources], context);

    private static ConditionContext Context(string key, string value) => new([KeyValuePair.Create(key, ImmutableArray.Create(value))]);
}
