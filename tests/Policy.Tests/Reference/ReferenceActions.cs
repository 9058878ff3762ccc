using System.Text.Json;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>
/// ram-policy.md section 8, as data: which checks each action needs. R-KMS-2: kms-actions.json; actions that table leaves out are taken
/// from the "authorization" of kms-api.json, RAM and STS from the "resources" of ram-sts-api.json.
/// </summary>
internal sealed class ReferenceActions(SeededFault fault = SeededFault.None)
{
    /// <summary>Cryptographic calls that the action table leaves out (R-TAG-2).</summary>
    private static readonly string[] MoreWithTags = ["kms:GenerateMac", "kms:VerifyMac", "kms:Decrypt"];

    /// <summary>A service that is out of scope has no keys to check (tests/deviations.md).</summary>
    private static readonly string[] OutOfScope = ["AdvanceEncrypt"];

    internal IReadOnlyList<ReferenceAction> All()
    {
        var table = Read("policy-cases", "kms-actions.json").GetProperty("apis").EnumerateArray().Select(FromTable).ToList();
        var more = Read("kms-api.json").GetProperty("actions").EnumerateArray()
            .Where(action => !table.Exists(row => row.Name == action.GetProperty("name").GetString()))
            .Select(FromApi);
        return [.. table.Concat(more).Select(Misread), .. Read("ram-sts-api.json").GetProperty("operations").EnumerateObject().Select(FromRam)];
    }

    private static ReferenceAction FromTable(JsonElement row) => new(
        "KMS",
        Text(row, "api"),
        [.. row.GetProperty("checks").EnumerateArray().Select(check => new ReferenceNeed(
            Text(check, "action"),
            Text(check, "target").Split(':')[0].TrimEnd('?'),
            check.GetProperty("tags").GetBoolean()))]);

    private static ReferenceAction FromApi(JsonElement action) => new(
        "KMS",
        Text(action, "name"),
        [.. action.GetProperty("authorization").GetProperty("checks").EnumerateArray()
            .Where(check => Text(check, "when") != "when ResourceType is secret")
            .Select(check => new ReferenceNeed(
                Text(check, "action"),
                OutOfScope.Contains(Text(action, "name")) ? "none" : KindOf(Text(check, "resourceType"), Text(check, "from")),
                MoreWithTags.Contains(Text(check, "action"))))]);

    private static ReferenceAction FromRam(JsonProperty operation) => new(
        Text(operation.Value, "service").ToUpperInvariant(),
        operation.Name,
        [.. operation.Value.GetProperty("resources").EnumerateArray().Select(resource => new ReferenceNeed(
            Text(operation.Value, "ramAction"), resource.GetString()!, false))]);

    private static string KindOf(string resourceType, string from) => resourceType switch
    {
        "Any" => "none",
        "Key" when from == "EncryptionKeyId of the secret" => "secretkey",
        "Key" => "key",
        "Secret" => "secret",
        "Certificate" => "certificate",
        "CertificateContainer" => "certificatebox",
        _ => throw new InvalidDataException(resourceType),
    };

    private ReferenceAction Misread(ReferenceAction action) => (fault, action.Name) switch
    {
        (SeededFault.TagsOnEveryCall, _) => action with { Needs = [.. action.Needs.Select(need => need with { CarriesTags = need.Kind is "key" or "keyorsecret" or "aliaskey" })] },
        (SeededFault.AliasAloneIsChecked, "DeleteAlias") => action with { Needs = [.. action.Needs.Where(need => need.Kind == "alias")] },
        (SeededFault.NewKeyOfAliasUnchecked, "UpdateAlias") => action with { Needs = [.. action.Needs.Where(need => need.Kind != "key")] },
        (SeededFault.AliasGrantIsEnough, "Encrypt") => action with { Needs = [.. action.Needs.Select(need => need with { Kind = "alias" })] },
        (SeededFault.CiphertextKeyUnchecked, "Decrypt") => action with { Needs = [] },
        (SeededFault.ReEncryptIsEncryptAndDecrypt, "ReEncrypt") => action with { Needs = [action.Needs[0] with { Action = "kms:Decrypt" }, action.Needs[1] with { Action = "kms:Encrypt" }] },
        (SeededFault.KeyOfSecretUnchecked, "GetSecretValue") => action with { Needs = [.. action.Needs.Where(need => need.Kind == "secret")] },
        (SeededFault.RegionsNeedPermission, "DescribeRegions") => action with { Needs = [new ReferenceNeed("kms:DescribeRegions", "none", false)] },
        (SeededFault.ContainerIsAnItem, "CreateKey") => action with { Needs = [.. action.Needs.Select(need => need with { Kind = "key" })] },
        _ => action,
    };

    private static JsonElement Read(params string[] path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(TestData.Path(path)));
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
