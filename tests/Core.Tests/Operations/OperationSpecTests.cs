using System.Text.Json.Nodes;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Holds the declarations to the action table of the specification: same checks in the same order, same alias rules.</summary>
public sealed class OperationSpecTests
{
    private static readonly JsonArray Table =
        JsonNode.Parse(File.ReadAllText(TestData.Path("policy-cases", "kms-actions.json")))!["apis"]!.AsArray();

    /// <summary>Not in the table: the internal action, the newer tag actions, whose checks are each ResourceId, and the MAC actions (kms-api.json).</summary>
    private static readonly string[] Elsewhere = ["EnsureServiceKey", "TagResources", "UntagResources", "ListTagResources", "GenerateMac", "VerifyMac"];

    public static TheoryData<string> Actions => [.. OperationSpecs.All.Select(spec => spec.Action).Except(Elsewhere, StringComparer.Ordinal)];

    [Fact]
    public void Operations_AreTheOnesOfThisSlice() => Assert.Equal(
        [
            "AsymmetricDecrypt", "AsymmetricEncrypt", "AsymmetricSign", "AsymmetricVerify", "CancelKeyDeletion", "CreateAlias", "CreateKey", "CreateKeyVersion", "Decrypt", "DeleteAlias", "DeleteKeyMaterial", "DescribeKey",
            "DescribeKeyVersion", "DescribeRegions", "DisableKey",
            "EnableKey", "Encrypt", "EnsureServiceKey", "ExportDataKey", "GenerateAndExportDataKey", "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext", "GenerateMac", "GetKeyPolicy", "GetParametersForImport", "GetPublicKey", "ImportKeyMaterial", "ListAliases",
            "ListAliasesByKeyId", "ListKeyVersions", "ListKeys", "ListResourceTags", "ListTagResources", "ReEncrypt",
            "ScheduleKeyDeletion", "SetDeletionProtection", "SetKeyPolicy", "TagResource", "TagResources", "UntagResource", "UntagResources",
            "UpdateAlias", "UpdateKeyDescription", "UpdateRotationPolicy", "VerifyMac",
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

    [Theory]
    [MemberData(nameof(Actions))]
    public void IsForKeyUsers_OfEachOperation_IsWhatTheGatewaySays(string action) => Assert.Equal(
        KmsVocabulary.Find(action)!.IsForKeyUsers, OperationSpecs.All.Single(spec => spec.Action == action).IsForKeyUsers);

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
