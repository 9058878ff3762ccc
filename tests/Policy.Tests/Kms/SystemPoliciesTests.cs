using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Tests.Kms;

/// <summary>R-SYS-1: the contents, written here a second time from the specification.</summary>
public sealed class SystemPoliciesTests
{
    private const string CryptoUserActions =
        "kms:Encrypt kms:Decrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext kms:AsymmetricDecrypt kms:AsymmetricEncrypt kms:AsymmetricSign kms:AsymmetricVerify kms:GetPublicKey kms:GenerateMac kms:VerifyMac";

    private const string Tagging = "ecs:TagResources ecs:UntagResources ecs:ListTagResources on acs:kms:*:*:key/* acs:kms:*:*:secret/*";

    public static TheoryData<string, string, string[]> Contents => new()
    {
        { "AdministratorAccess", "v1", ["* on *"] },
        { "AliyunKMSCryptoAccess", "v2", [$"{CryptoUserActions} on *"] },
        { "AliyunKMSCryptoAdminAccess", "v2", ["kms:* on acs:kms:*:*:key* acs:kms:*:*:alias*", Tagging] },
        { "AliyunKMSCryptoUserAccess", "v2", [$"{CryptoUserActions} on *"] },
        { "AliyunKMSFullAccess", "v3", ["kms:* on *", "ram:CreateServiceLinkedRole on * if StringEquals ram:ServiceName secretsmanager-rds.kms.aliyuncs.com keystore.kms.aliyuncs.com"] },
        {
            "AliyunKMSReadOnlyAccess", "v3",
            ["kms:List* kms:Describe* kms:GetPublicKey kms:GetUploadBackupDataInfo kms:GetKmsInstanceSharedAccounts kms:GetKmsInstanceQuotaInfos kms:GetCheckAssociateResourceTaskResults kms:GetKeyPolicy kms:GetKeyDefaultPolicy kms:GetSecretPolicy kms:GetSecretDefaultPolicy kms:GetKmsInstance kms:GetDefaultKmsInstance on *"]
        },
        {
            "AliyunKMSSecretAdminAccess", "v5",
            [
                "kms:* on acs:kms:*:*:secret*",
                "kms:GetRandomPassword on *",
                "rds:DescribeDBInstances rds:DescribeDBInstanceAttribute rds:DescribeDatabases rds:DescribeAccounts rds:DescribeDBInstanceNetInfo rds:CreateAccount rds:GrantAccountPrivilege on *",
                "ecs:DescribeInstances on acs:ecs:*:*:instance/*",
                Tagging,
                "ram:CreateServiceLinkedRole on * if StringEquals ram:ServiceName secretsmanager-rds.kms.aliyuncs.com secretsmanager-ecs.kms.aliyuncs.com",
            ]
        },
        { "AliyunKMSSecretUserAccess", "v1", ["kms:GetSecretValue on *", "kms:DescribeSecret kms:ListSecretVersionIds on *"] },
        { "AliyunRAMFullAccess", "v1", ["ram:* on *"] },
        { "AliyunRAMReadOnlyAccess", "v1", ["ram:Get* ram:List* on *"] },
        { "AliyunSTSAssumeRoleAccess", "v1", ["sts:AssumeRole on *"] },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void SystemPolicy_OfName_HasThePublishedContent(string name, string version, string[] statements)
    {
        var policy = SystemPolicies.Find(name)!;
        Assert.Equal((name, version), (policy.Name, policy.Version));
        Assert.Equal(statements, policy.Document.Statements.Select(Render));
        Assert.All(policy.Document.Statements, statement => Assert.Equal(StatementEffect.Allow, statement.Effect));
        Assert.NotEmpty(policy.Description);
    }

    [Fact]
    public void All_OfSystemPolicies_AreThoseOfTheTableSorted() =>
        Assert.Equal(Contents.Select(row => (string)row[0]), SystemPolicies.All.Select(policy => policy.Name));

    [Theory]
    [InlineData("NoSuchPolicy")]
    [InlineData("administratoraccess")]
    public void Find_OfUnknownName_IsNull(string name) => Assert.Null(SystemPolicies.Find(name));

    private static string Render(Statement statement)
    {
        var text = $"{string.Join(' ', statement.Actions)} on {string.Join(' ', statement.Resources)}";
        return statement.Conditions.Aggregate(text, (sum, condition) => $"{sum} if {condition.Operator} {condition.Key} {string.Join(' ', condition.Values)}");
    }
}
