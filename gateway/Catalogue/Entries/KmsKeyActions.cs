using KmsGateway.Core.Contract;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.Entries.CommonParameters;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Keys, their material and their versions. Source: kms-api.md 4, 8, 9.</summary>
internal static class KmsKeyActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("CreateKey").Writes()
            .Takes("Description", Text(8192))
            .Takes("EnableAutomaticRotation", TrueOrFalse, spec => spec.Or(false))
            .Takes(
                "KeySpec",
                OneOfOr(["Aliyun_AES_256", "Aliyun_SM4", "RSA_2048", "RSA_3072", "EC_P256", "EC_P256K", "EC_SM2"], MacKeySpecs),
                spec => spec.Or("Aliyun_AES_256"))
            .KeyUsage()
            .Takes("Origin", OneOf("Aliyun_KMS", "EXTERNAL"), spec => spec.Or("Aliyun_KMS"))
            .Takes("ProtectionLevel", OneOf("SOFTWARE", "HSM"), spec => spec.Or("SOFTWARE"))
            .Takes("RotationInterval", Interval("7d", "730d"), spec => spec.NeededWhenTrue("EnableAutomaticRotation"))
            .Instance()
            .Takes(
                "KeyStorageMechanism",
                OneOf("HsmInternal", "HsmEncryptedDatabase"),
                spec => spec.Or("HsmInternal").RefusedUnless("HsmInternal", KmsErrors.InvalidParameter, "keys are stored in one way"))
            .Takes("Policy", JsonObject(32768))
            .Takes("Tags", Tags(10))
            .Records("Description", "EnableAutomaticRotation", "KeySpec", "Origin", "Policy", "ProtectionLevel",
                "RotationInterval", "KeyStorageMechanism", "Tags")
            .RecordsAnswer("KeyMetadata")
            .AnsweredByCore(),
        InKms("DescribeKey").Reads()
            .NeedsKey()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("ListKeys").Lists()
            .Paged()
            .Takes("Filters", Filters(
                10, "KeyState", "KeySpec", "KeyUsage", "ProtectionLevel", "CreatorType",
                "DKMSInstanceId", "KeyId", "keyId", "AliasName", "Creator", "TagKey", "TagValue"))
            .Records("Filters")
            .AnsweredByCore(),
        InKms("UpdateKeyDescription").Writes()
            .Needs("Description", Text(8192), spec => spec with { EmptyCounts = true })
            .NeedsKey()
            .Records("Description", "KeyId")
            .AnsweredByCore(),
        InKms("EnableKey").Writes()
            .NeedsKey()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("DisableKey").Writes()
            .NeedsKey()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("ScheduleKeyDeletion").Writes()
            .NeedsKey()
            .Takes("PendingWindowInDays", Integer(min: 7, max: 366), spec => spec.Or(30L))
            .Records("KeyId", "PendingWindowInDays")
            .AnsweredByCore(),
        InKms("CancelKeyDeletion").Writes()
            .NeedsKey()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("SetDeletionProtection").Writes()
            .Needs("EnableDeletionProtection", TrueOrFalse)
            .Takes("DeletionProtectionDescription", Text())
            .TakesKey()
            .Instance("KmsInstanceId")
            .Takes("ProtectedResourceArn", KeyArn, spec => spec.NeededUnlessGiven("KeyId"))
            .Records("EnableDeletionProtection", "DeletionProtectionDescription", "KeyId", "ProtectedResourceArn")
            .AnsweredByCore(),
        InKms("GetParametersForImport").Reads()
            .NeedsKey()
            .Needs("WrappingAlgorithm", OneOf("RSAES_PKCS1_V1_5", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"))
            .Needs("WrappingKeySpec", OneOf("RSA_2048", "EC_SM2"))
            .Records("KeyId", "WrappingAlgorithm", "WrappingKeySpec")
            .RecordsAnswer("KeyId", "TokenExpireTime")
            .AnsweredByCore(),
        InKms("ImportKeyMaterial").Writes()
            .Needs("EncryptedKeyMaterial", Base64)
            .Needs("ImportToken", Text())
            .NeedsKey()
            .Takes("KeyMaterialExpireUnix", Long(), spec => spec.Or(0L))
            .Records("KeyId", "KeyMaterialExpireUnix")
            .AnsweredByCore(),
        InKms("DeleteKeyMaterial").Writes()
            .NeedsKey()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("DescribeKeyVersion").Reads()
            .NeedsKey()
            .Needs("KeyVersionId", Uuid)
            .Records("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("ListKeyVersions").Lists()
            .NeedsKey()
            .Paged()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("CreateKeyVersion").Writes()
            .NeedsKey()
            .Records("KeyId")
            .RecordsAnswer("KeyVersion")
            .AnsweredByCore(),
        InKms("UpdateRotationPolicy").Writes()
            .Needs("EnableAutomaticRotation", TrueOrFalse)
            .NeedsKey()
            .Takes(
                "RotationInterval",
                Interval("7d", "730d"),
                spec => spec.NeededWhenTrue("EnableAutomaticRotation") with { IgnoredUnless = ParameterCondition.IsTrue("EnableAutomaticRotation") })
            .Records("EnableAutomaticRotation", "KeyId", "RotationInterval")
            .AnsweredByCore(),
    ];
}
