using System.Text.Json.Nodes;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Holds the declarations to the action table of the specification: same checks in the same order, same alias rules.</summary>
public sealed class OperationSpecTests
{
    private static readonly JsonArray Table =
        JsonNode.Parse(File.ReadAllText(TestData.Path("policy-cases", "kms-actions.json")))!["apis"]!.AsArray();

    public static TheoryData<string> Actions => [.. OperationSpecs.All.Select(spec => spec.Action).Where(action => action != "EnsureServiceKey")];

    [Fact]
    public void Operations_AreTheOnesOfThisSlice() => Assert.Equal(
        [
            "CancelKeyDeletion", "CreateAlias", "CreateKey", "Decrypt", "DeleteAlias", "DescribeKey", "DescribeRegions", "DisableKey",
            "EnableKey", "Encrypt", "EnsureServiceKey", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GetKeyPolicy", "ListAliases",
            "ListAliasesByKeyId", "ListKeys", "ListResourceTags", "ScheduleKeyDeletion", "SetKeyPolicy", "TagResource", "UntagResource", "UpdateAlias",
            "UpdateKeyDescription",
        ],
        OperationSpecs.All.Select(spec => spec.Action).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Actions))]
    public void References_OfEachOperation_AreTheChecksOfTheTable(string action)
    {
        var spec = OperationSpecs.All.Single(spec => spec.Action == action);
        var row = Table.Single(row => (string)row!["api"]! == action)!;

        Assert.Equal(row["checks"]!.AsArray().Select(check => (string)check!["target"]!), spec.References.Select(Target));
        Assert.Equal(
            row["aliasParams"]!.AsArray().Select(parameter => (string)parameter!),
            spec.References.Where(reference => reference.AcceptsAlias).Select(reference => reference.Parameter));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Operation_WithKeys_HasARowInTheStateTable(string action) => Assert.True(
        action == "DescribeRegions" || KeyStateTable.Actions.Contains(action, StringComparer.Ordinal));

    private static string Target(ReferenceSpec reference) => reference.Target switch
    {
        ReferenceTarget.KeyContainer => "keybox",
        ReferenceTarget.AliasContainer => "aliasbox",
        ReferenceTarget.Key => $"key:{reference.Parameter}",
        ReferenceTarget.Alias or ReferenceTarget.NewAlias => $"alias:{reference.Parameter}",
        ReferenceTarget.KeyBehindAlias => $"aliaskey:{reference.Parameter}",
        ReferenceTarget.CiphertextKey => $"cipher:{reference.Parameter}",
        // the table of ListResourceTags, TagResource and UntagResource
        ReferenceTarget.KeyOrSecretOrCertificate => "keyorsecret",
        _ => "none",
    };
}
