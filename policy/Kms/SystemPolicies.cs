using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Kms;

/// <summary>A policy whose content the service fixes.</summary>
/// <param name="Name">1-128 letters, digits and <c>-</c>; shares no name with a custom policy.</param>
/// <param name="Version">The one version there is, <c>v3</c>.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Document">Its content, parsed as an identity policy.</param>
public sealed record SystemPolicy(string Name, string Version, string Description, PolicyDocument Document);

/// <summary>
/// The system policies offered. Contents: ram-policy.md 9 for KMS; the four of decisions.md D9, which the documentation names
/// by their scope. <c>AliyunKMSCryptoAccess</c> is the name that ram-sts-api.md lists for AliyunKMSCryptoUserAccess.
/// </summary>
public static class SystemPolicies
{
    private const string CryptoUser = """
        {
          "Version": "1",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
                "kms:AsymmetricDecrypt", "kms:AsymmetricEncrypt", "kms:AsymmetricSign", "kms:AsymmetricVerify",
                "kms:GetPublicKey", "kms:GenerateMac", "kms:VerifyMac"
              ],
              "Resource": "*"
            }
          ]
        }
        """;

    private const string TaggingOfKeysAndSecrets = """
            {
              "Effect": "Allow",
              "Action": ["ecs:TagResources", "ecs:UntagResources", "ecs:ListTagResources"],
              "Resource": ["acs:kms:*:*:key/*", "acs:kms:*:*:secret/*"]
            }
        """;

    /// <summary>All of them, sorted by name.</summary>
    public static ImmutableArray<SystemPolicy> All { get; } =
    [
        Of("AdministratorAccess", "v1", "Every action on every resource.", Everything("*")),
        Of("AliyunKMSCryptoAccess", "v2", "Use of KMS keys for cryptography.", CryptoUser),
        Of(
            "AliyunKMSCryptoAdminAccess",
            "v2",
            "Management and use of KMS keys and aliases.",
            $$"""
            {
              "Version": "1",
              "Statement": [
                {"Effect": "Allow", "Action": "kms:*", "Resource": ["acs:kms:*:*:key*", "acs:kms:*:*:alias*"]},
            {{TaggingOfKeysAndSecrets}}
              ]
            }
            """),
        Of("AliyunKMSCryptoUserAccess", "v2", "Use of KMS keys for cryptography.", CryptoUser),
        Of(
            "AliyunKMSFullAccess",
            "v3",
            "Management and use of everything in KMS.",
            """
            {
              "Version": "1",
              "Statement": [
                {"Effect": "Allow", "Action": "kms:*", "Resource": "*"},
                {
                  "Effect": "Allow",
                  "Action": "ram:CreateServiceLinkedRole",
                  "Resource": "*",
                  "Condition": {
                    "StringEquals": {
                      "ram:ServiceName": ["secretsmanager-rds.kms.aliyuncs.com", "keystore.kms.aliyuncs.com"]
                    }
                  }
                }
              ]
            }
            """),
        Of(
            "AliyunKMSReadOnlyAccess",
            "v3",
            "Reading of everything in KMS.",
            """
            {
              "Version": "1",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "kms:List*", "kms:Describe*", "kms:GetPublicKey", "kms:GetUploadBackupDataInfo",
                    "kms:GetKmsInstanceSharedAccounts", "kms:GetKmsInstanceQuotaInfos",
                    "kms:GetCheckAssociateResourceTaskResults", "kms:GetKeyPolicy", "kms:GetKeyDefaultPolicy",
                    "kms:GetSecretPolicy", "kms:GetSecretDefaultPolicy", "kms:GetKmsInstance", "kms:GetDefaultKmsInstance"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """),
        Of(
            "AliyunKMSSecretAdminAccess",
            "v5",
            "Management and use of KMS secrets.",
            $$"""
            {
              "Version": "1",
              "Statement": [
                {"Effect": "Allow", "Action": "kms:*", "Resource": "acs:kms:*:*:secret*"},
                {"Effect": "Allow", "Action": "kms:GetRandomPassword", "Resource": "*"},
                {
                  "Effect": "Allow",
                  "Action": [
                    "rds:DescribeDBInstances", "rds:DescribeDBInstanceAttribute", "rds:DescribeDatabases",
                    "rds:DescribeAccounts", "rds:DescribeDBInstanceNetInfo", "rds:CreateAccount", "rds:GrantAccountPrivilege"
                  ],
                  "Resource": "*"
                },
                {"Effect": "Allow", "Action": "ecs:DescribeInstances", "Resource": "acs:ecs:*:*:instance/*"},
            {{TaggingOfKeysAndSecrets}},
                {
                  "Effect": "Allow",
                  "Action": "ram:CreateServiceLinkedRole",
                  "Resource": "*",
                  "Condition": {
                    "StringEquals": {
                      "ram:ServiceName": ["secretsmanager-rds.kms.aliyuncs.com", "secretsmanager-ecs.kms.aliyuncs.com"]
                    }
                  }
                }
              ]
            }
            """),
        Of(
            "AliyunKMSSecretUserAccess",
            "v1",
            "Reading of KMS secret values.",
            """
            {
              "Version": "1",
              "Statement": [
                {"Effect": "Allow", "Action": "kms:GetSecretValue", "Resource": "*"},
                {"Effect": "Allow", "Action": ["kms:DescribeSecret", "kms:ListSecretVersionIds"], "Resource": "*"}
              ]
            }
            """),
        Of("AliyunRAMFullAccess", "v1", "Management of users, groups, roles and policies.", Everything("ram:*")),
        Of(
            "AliyunRAMReadOnlyAccess",
            "v1",
            "Reading of users, groups, roles and policies.",
            """{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ram:Get*", "ram:List*"], "Resource": "*"}]}"""),
        Of("AliyunSTSAssumeRoleAccess", "v1", "Assuming of roles that trust the caller.", Everything("sts:AssumeRole")),
    ];

    /// <summary>The policy of that exact name, or null.</summary>
    public static SystemPolicy? Find(string name) =>
        All.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));

    private static string Everything(string action) =>
        $$"""{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "{{action}}", "Resource": "*"}]}""";

    private static SystemPolicy Of(string name, string version, string description, string document)
    {
        var parsed = PolicyParser.Parse(document, PolicyKind.Identity);
        return new SystemPolicy(name, version, description, parsed.Document ?? throw new InvalidOperationException($"{name}: {parsed.Faults[0]}"));
    }
}
