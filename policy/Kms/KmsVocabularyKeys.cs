namespace KmsGateway.Policy.Kms;

/// <content>Service, keys, import, versions, aliases, key and secret policies.</content>
public static partial class KmsVocabulary
{
    private const string AliasNameParameter = "AliasName";

    private static KmsAction[] ServiceActions() =>
    [
        Unchecked("DescribeRegions"),
        On("OpenKmsService", CheckTargetKind.Anything),
        On("DescribeAccountKmsStatus", CheckTargetKind.Anything),
        Unchecked("DescribeService"),
    ];

    private static KmsAction[] KeyActions() =>
    [
        On("CreateKey", CheckTargetKind.KeyContainer),
        OnKey("DescribeKey", acceptsAlias: true),
        On("ListKeys", CheckTargetKind.KeyContainer),
        OnKey("UpdateKeyDescription"),
        OnKey("EnableKey"),
        OnKey("DisableKey"),
        OnKey("ScheduleKeyDeletion"),
        OnKey("CancelKeyDeletion"),
        new(
            "SetDeletionProtection",
            [new("kms:SetDeletionProtection", CheckTargetKind.Key, "ProtectedResourceArn", Alternative: KeyIdParameter)],
            []),
    ];

    private static KmsAction[] ImportActions() =>
        [OnKey("GetParametersForImport"), OnKey("ImportKeyMaterial"), OnKey("DeleteKeyMaterial")];

    private static KmsAction[] VersionActions() =>
    [
        OnKey("DescribeKeyVersion"),
        OnKey("ListKeyVersions"),
        OnKey("CreateKeyVersion", acceptsAlias: true),
        OnKey("UpdateRotationPolicy"),
    ];

    private static KmsAction[] AliasActions() =>
    [
        new(
            "CreateAlias",
            [
                new("kms:CreateAlias", CheckTargetKind.Key, KeyIdParameter),
                new("kms:CreateAlias", CheckTargetKind.Alias, AliasNameParameter),
            ],
            []),
        new(
            "UpdateAlias",
            [
                new("kms:UpdateAlias", CheckTargetKind.KeyBehindAlias, AliasNameParameter),
                new("kms:UpdateAlias", CheckTargetKind.Key, KeyIdParameter),
                new("kms:UpdateAlias", CheckTargetKind.Alias, AliasNameParameter),
            ],
            []),
        new(
            "DeleteAlias",
            [
                new("kms:DeleteAlias", CheckTargetKind.KeyBehindAlias, AliasNameParameter),
                new("kms:DeleteAlias", CheckTargetKind.Alias, AliasNameParameter),
            ],
            []),
        On("ListAliases", CheckTargetKind.AliasContainer),
        OnKey("ListAliasesByKeyId"),
    ];

    private static KmsAction[] PolicyActions() =>
        [OnKey("GetKeyPolicy"), OnKey("SetKeyPolicy"), OnSecret("GetSecretPolicy"), OnSecret("SetSecretPolicy")];
}
