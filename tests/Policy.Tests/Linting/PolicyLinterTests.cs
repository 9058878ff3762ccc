using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;
using KmsGateway.Policy.Tests.GoldenCases;

namespace KmsGateway.Policy.Tests.Linting;

public sealed class PolicyLinterTests
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Validations => [.. CaseFiles.Ids("validation")];

    [Theory]
    [MemberData(nameof(Validations))]
    public void Lint_OfGoldenCase_HasErrorsExactlyWhenInvalid(string id)
    {
        var item = CaseFiles.Get(id);
        var kind = Enum.Parse<PolicyKind>(item.GetProperty("policyKind").GetString()!, ignoreCase: true);
        var text = item.TryGetProperty("documentText", out var raw) ? RawJsonText.Decode(raw) : JsonSerializer.Serialize(item.GetProperty("document"), AsWritten);
        var findings = PolicyLinter.Lint(text, kind);
        var isValid = item.GetProperty("expect").GetProperty("valid").GetBoolean();
        Assert.Equal(isValid, !findings.Any(finding => finding.Type == FindingType.Error));
    }

    [Theory]
    [InlineData("FullAccess", "kms:*", "*", true)]
    [InlineData("FullAccess", "kms:*", "acs:kms:*:*:key/a", false)]
    [InlineData("DecryptOnAllKeys", "kms:Decrypt", "*", true)]
    [InlineData("DecryptOnAllKeys", "kms:Decrypt", "acs:kms:*:*:key/a", false)]
    [InlineData("SelfEscalation", "ram:AttachPolicyToUser", "*", true)]
    [InlineData("SelfEscalation", "ram:ListUsers", "*", false)]
    [InlineData("UnknownAction", "kms:Encipher", "*", true)]
    [InlineData("UnknownAction", "kms:Encrypt", "*", false)]
    [InlineData("AliasOnCryptoAction", "kms:Encrypt", "acs:kms:*:*:alias/a", true)]
    [InlineData("AliasOnCryptoAction", "kms:DeleteAlias", "acs:kms:*:*:alias/a", false)]
    [InlineData("ContainerWithSlashStar", "kms:ListKeys", "acs:kms:*:*:key/*", true)]
    [InlineData("ContainerWithSlashStar", "kms:ListKeys", "acs:kms:*:*:key", false)]
    [InlineData("ResourceTypeMismatch", "kms:ListKeys", "acs:kms:*:*:key/a", true)]
    [InlineData("ResourceTypeMismatch", "kms:ListKeys", "acs:kms:*:*:key*", false)]
    public void Lint_OfOneStatement_HasTheCodeOrNot(string code, string action, string resource, bool isFound)
    {
        var text = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}]}""";
        Assert.Equal(isFound, PolicyLinter.Lint(text, PolicyKind.Identity).Any(finding => finding.IssueCode == code));
    }
}
