namespace KmsGateway.Policy.Kms;

/// <content>Tags, secrets, certificates, and what this service does not offer.</content>
public static partial class KmsVocabulary
{
    private const string ResourceIdParameter = "ResourceId";
    private const string SecretsListParameter = "SecretsList";

    private static KmsAction[] TagActions() =>
    [
        On("TagResource", CheckTargetKind.KeyOrSecretOrCertificate),
        On("UntagResource", CheckTargetKind.KeyOrSecretOrCertificate),
        On("ListResourceTags", CheckTargetKind.KeyOrSecretOrCertificate),
        On("TagResources", CheckTargetKind.EachResource, ResourceIdParameter),
        On("UntagResources", CheckTargetKind.EachResource, ResourceIdParameter),
        new(
            "ListTagResources",
            [new("kms:ListTagResources", CheckTargetKind.EachResource, ResourceIdParameter, IsOptional: true)],
            []),
    ];

    private static KmsAction[] SecretActions() =>
    [
        new(
            "CreateSecret",
            [
                new("kms:CreateSecret", CheckTargetKind.SecretContainer),
                new("kms:GenerateDataKey", CheckTargetKind.Key, "EncryptionKeyId", CarriesTags: true, IsOptional: true),
            ],
            []),
        OnSecret("DescribeSecret"),
        On("ListSecrets", CheckTargetKind.SecretContainer),
        OnSecret("UpdateSecret"),
        OnSecret("DeleteSecret"),
        OnSecret("RestoreSecret"),
        OnSecretAndItsKey("GetSecretValue", "kms:Decrypt"),
        new(
            "BatchGetSecretValue",
            [
                new("kms:GetSecretValue", CheckTargetKind.EachSecret, SecretsListParameter),
                new("kms:Decrypt", CheckTargetKind.EachSecretKey, SecretsListParameter, CarriesTags: true),
            ],
            []),
        OnSecretAndItsKey("PutSecretValue", "kms:GenerateDataKey"),
        OnSecret("ListSecretVersionIds"),
        OnSecret("UpdateSecretVersionStage"),
        OnSecret("UpdateSecretRotationPolicy"),
        OnSecret("RotateSecret"),
        On("GetRandomPassword", CheckTargetKind.Anything),
    ];

    private static KmsAction[] CertificateActions() =>
    [
        On("CreateCertificate", CheckTargetKind.CertificateContainer),
        OnCertificate("UploadCertificate"),
        OnCertificate("GetCertificate"),
        OnCertificate("DescribeCertificate"),
        OnCertificate("UpdateCertificateStatus"),
        OnCertificate("DeleteCertificate"),
        OnCertificate("CertificatePrivateKeySign"),
        OnCertificate("CertificatePublicKeyVerify"),
        OnCertificate("CertificatePublicKeyEncrypt"),
        OnCertificate("CertificatePrivateKeyDecrypt"),
    ];

    private static KmsAction[] OutOfScopeActions()
    {
        ReadOnlySpan<string> names =
        [
            "AdvanceEncrypt",
            "ListKmsInstances", "GetKmsInstance", "ConnectKmsInstance", "UpdateKmsInstanceBindVpc", "ReleaseKmsInstance",
            "GetKmsInstanceQuotaInfos", "GetDefaultKmsInstance", "CreateNetworkRule", "DescribeNetworkRule", "ListNetworkRules",
            "UpdateNetworkRule", "DeleteNetworkRule", "CreatePolicy", "DescribePolicy", "ListPolicies", "UpdatePolicy", "DeletePolicy",
            "CreateApplicationAccessPoint", "DescribeApplicationAccessPoint", "ListApplicationAccessPoints",
            "UpdateApplicationAccessPoint", "DeleteApplicationAccessPoint", "CreateClientKey", "GetClientKey", "ListClientKeys",
            "DeleteClientKey", "GetManagedDataKey", "ListManagedDataKeyVersions",
        ];
        var actions = new KmsAction[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            actions[i] = On(names[i], CheckTargetKind.Anything);
        }

        return actions;
    }

    private static KmsAction OnSecretAndItsKey(string name, string keyPermission) =>
        new(
            name,
            [
                new(Permission(name), CheckTargetKind.Secret, SecretNameParameter),
                new(keyPermission, CheckTargetKind.SecretKey, SecretNameParameter, CarriesTags: true),
            ],
            []);
}
