using System.Text.Json;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Tests.Samples;

/// <summary>The published schema lists the operators of the table. What it takes is held to the parser by the Node suite policy-schema.</summary>
public sealed class PolicySchemaTests
{
    private static readonly Dictionary<ConditionValueKind, string> Tests = new()
    {
        [ConditionValueKind.Text] = "textTest",
        [ConditionValueKind.TextIgnoringCase] = "textTest",
        [ConditionValueKind.Pattern] = "textTest",
        [ConditionValueKind.Number] = "numberTest",
        [ConditionValueKind.Date] = "dateTest",
        [ConditionValueKind.Boolean] = "booleanTest",
        [ConditionValueKind.Address] = "addressTest",
    };

    [Fact]
    public void Schema_OfConditions_HasEveryOperatorWithItsKindOfValue()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(SampleFiles.Folder, "policy.schema.json")));
        var members = schema.RootElement.GetProperty("$defs").GetProperty("condition").GetProperty("properties").EnumerateObject();
        Assert.Equal(
            ConditionOperators.All.Select(op => (op.Name, $"#/$defs/{Tests[op.ValueKind]}")),
            members.Select(member => (member.Name, member.Value.GetProperty("$ref").GetString()!)));
    }
}
