using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.GoldenCases;

/// <summary>Every golden case of the kinds decision and validation; the whole expected value is compared.</summary>
public sealed class PolicyCasesTests
{
    private const int DecisionCases = 564;
    private const int ValidationCases = 175;

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Decisions => [.. CaseFiles.Ids("decision")];

    public static TheoryData<string> Validations => [.. CaseFiles.Ids("validation")];

    [Fact]
    public void Files_AsShipped_HoldEveryCase()
    {
        Assert.Equal(DecisionCases, CaseFiles.Shipped("decision").Count());
        Assert.Equal(ValidationCases, CaseFiles.Shipped("validation").Count());
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decision_OfCase_IsAsWorkedOutByHand(string id)
    {
        var item = CaseFiles.Get(id);
        var (policies, request) = DecisionCase.Of(item);
        var decision = PolicyEvaluator.Evaluate(policies, request);
        var expected = JsonNode.Parse(item.GetProperty("expect").GetRawText());
        var actual = Render(decision, request);
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{item.GetProperty("rule")}: {item.GetProperty("why")}\nexpected {expected}\nactual {actual}");
    }

    [Theory]
    [MemberData(nameof(Validations))]
    public void Validation_OfCase_IsAsWorkedOutByHand(string id)
    {
        var item = CaseFiles.Get(id);
        var kind = Enum.Parse<PolicyKind>(item.GetProperty("policyKind").GetString()!, ignoreCase: true);
        var text = item.TryGetProperty("documentText", out var raw)
            ? RawJsonText.Decode(raw)
            : JsonSerializer.Serialize(item.GetProperty("document"), AsWritten);
        var result = PolicyParser.Parse(text, kind);
        var expect = item.GetProperty("expect");
        Assert.Equal(expect.GetProperty("valid").GetBoolean(), result.IsValid);
        Assert.Equal(result.IsValid, result.Faults.IsEmpty);
        if (!result.IsValid)
        {
            var found = result.Faults.Select(fault => (fault.Pointer, fault.Reason));
            Assert.Contains((expect.GetProperty("pointer").GetString()!, expect.GetProperty("reason").GetString()!), found);
        }
    }

    /// <summary>The expected value of a case, made from a decision: absent where the case format says absent.</summary>
    private static JsonObject Render(Decision decision, AuthorizationRequest request)
    {
        var expect = new JsonObject
        {
            ["decision"] = decision.Verdict.ToString(),
            ["layer"] = decision.Layer.ToString().ToLowerInvariant(),
        };
        AddIndex(expect, "level", decision.Level);
        AddIndex(expect, "policy", decision.Policy);
        AddIndex(expect, "statement", decision.Statement);
        if (request.Checks.Length > 1)
        {
            expect["resource"] = request.Checks[decision.Check].Resource;
        }

        return expect;
    }

    private static void AddIndex(JsonObject expect, string name, int index)
    {
        if (index >= 0)
        {
            expect[name] = index;
        }
    }
}
