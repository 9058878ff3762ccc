namespace KmsGateway.Policy.Kms;

/// <content>Cryptographic calls: all of them carry tags (R-TAG-2).</content>
public static partial class KmsVocabulary
{
    private static KmsAction[] SymmetricActions() =>
    [
        OnKey("Encrypt", carriesTags: true, acceptsAlias: true),
        OnCiphertext("Decrypt"),
        OnKey("GenerateDataKey", carriesTags: true, acceptsAlias: true),
        OnKey("GenerateDataKeyWithoutPlaintext", carriesTags: true, acceptsAlias: true),
        OnCiphertext("ExportDataKey"),
        OnKey("GenerateAndExportDataKey", carriesTags: true, acceptsAlias: true),
        new(
            "ReEncrypt",
            [
                new("kms:ReEncryptFrom", CheckTargetKind.CiphertextKey, "CiphertextBlob", CarriesTags: true, Alternative: "SourceKeyId"),
                new("kms:ReEncryptTo", CheckTargetKind.Key, "DestinationKeyId", CarriesTags: true),
            ],
            ["DestinationKeyId", "SourceKeyId"]),
    ];

    private static KmsAction[] AsymmetricActions() =>
    [
        OnKey("GetPublicKey", carriesTags: true, acceptsAlias: true),
        OnKey("AsymmetricSign", carriesTags: true, acceptsAlias: true),
        OnKey("AsymmetricVerify", carriesTags: true, acceptsAlias: true),
        OnKey("AsymmetricEncrypt", carriesTags: true, acceptsAlias: true),
        OnKey("AsymmetricDecrypt", carriesTags: true, acceptsAlias: true),
        OnKey("GenerateMac", carriesTags: true, acceptsAlias: true),
        OnKey("VerifyMac", carriesTags: true, acceptsAlias: true),
    ];
}
