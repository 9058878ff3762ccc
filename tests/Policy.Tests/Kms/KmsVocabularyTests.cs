using System.Text.Json;
using KmsGateway.Policy.Kms;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Policy.Tests.Kms;

/// <summary>The vocabulary against the action table of the golden cases.</summary>
public sealed class KmsVocabularyTests
{
    private static readonly JsonElement[] Table =
    [
        .. JsonDocument.Parse(File.ReadAllText(TestData.Path("policy-cases", "kms-actions.json")))
            .RootElement.GetProperty("apis").EnumerateArray(),
    ];

    public static TheoryData<string> Apis() => [.. Table.Select(row => row.GetProperty("api").GetString()!)];

    [Fact]
    public void Table_IsTheOneThatWasCopied() => Assert.Equal(54, Table.Length);

    [Theory]
    [MemberData(nameof(Apis))]
    public void Checks_OfTheActionTable_AreTheVocabularys(string api)
    {
        var expected = Row(api).GetProperty("checks").EnumerateArray().Select(check =>
            (check.GetProperty("action").GetString()!, check.GetProperty("target").GetString()!, check.GetProperty("tags").GetBoolean()));

        Assert.Equal(expected, Find(api).Checks.Select(check => (check.Action, Target(check), check.CarriesTags)));
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void AliasParameters_OfTheActionTable_AreTheVocabularys(string api)
    {
        var expected = Row(api).GetProperty("aliasParams").EnumerateArray().Select(name => name.GetString()!).ToList();
        if (api == "ReEncrypt")
        {
            expected.Add("SourceKeyId"); // decisions.md D9
        }

        Assert.Equal(expected, Find(api).AliasParameters);
    }

    [Fact]
    public void Find_UnknownOrInAnotherCase_FindsNothing()
    {
        Assert.Null(KmsVocabulary.Find("ListKeyPolicies"));
        Assert.Null(KmsVocabulary.Find("encrypt"));
        Assert.NotNull(KmsVocabulary.Find("Encrypt"));
    }

    [Fact]
    public void All_NamesEachActionOnce() =>
        Assert.Equal(102, KmsVocabulary.All.Select(action => action.Name).Distinct(StringComparer.Ordinal).Count());

    private static JsonElement Row(string api) => Table.Single(row => row.GetProperty("api").GetString() == api);

    private static KmsAction Find(string api) => KmsVocabulary.Find(api) ?? throw new InvalidOperationException($"{api} is unknown");

    private static string Target(CheckSpec check) => check.Target switch
    {
        CheckTargetKind.Anything => "none",
        CheckTargetKind.Key => $"key{(check.IsOptional ? "?" : "")}:{check.Parameter}",
        CheckTargetKind.Alias => $"alias:{check.Parameter}",
        CheckTargetKind.KeyBehindAlias => $"aliaskey:{check.Parameter}",
        CheckTargetKind.CiphertextKey => $"cipher:{check.Parameter}",
        CheckTargetKind.Secret => $"secret:{check.Parameter}",
        CheckTargetKind.SecretKey => $"secretkey:{check.Parameter}",
        CheckTargetKind.KeyOrSecretOrCertificate => "keyorsecret",
        CheckTargetKind.KeyContainer => "keybox",
        CheckTargetKind.AliasContainer => "aliasbox",
        CheckTargetKind.SecretContainer => "secretbox",
        _ => throw new InvalidOperationException($"the table has no {check.Target}"),
    };
}
