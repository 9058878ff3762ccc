using System.Text.Json;
using KmsGateway.Core.Contract;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Secrets. Source: kms-api.md 4, 12.</summary>
internal static class KmsSecretActions
{
    private static readonly JsonElement CurrentStage = JsonElement.Parse("""["ACSCurrent"]""");

    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("CreateSecret").Writes()
            .Needs("SecretData", Utf8Text(30720))
            .Needs("SecretName", SecretName)
            .Needs("VersionId", Text(64))
            .Takes("Description", Text())
            .TakesKey("EncryptionKeyId")
            .Takes("SecretDataType", OneOf("text", "binary"), spec => spec.Or("text"))
            .Takes("Tags", Tags(10))
            .Instance()
            .Takes("EnableAutomaticRotation", TrueOrFalse, spec => spec.Or(false))
            .Takes("ExtendedConfig", JsonObject(1024))
            .Takes(
                "Policy",
                JsonObject(32768),
                spec => spec.Refused(KmsErrors.InvalidParameter, "secret policies are not offered yet"))
            .Takes("RotationInterval", Interval("6h", "8760h"), spec => spec.NeededWhenTrue("EnableAutomaticRotation"))
            .Takes("SecretType", OneOf("Generic", "Rds", "RAMCredentials", "ECS", "Redis", "PolarDB"), spec => spec.Or("Generic"))
            .Records("SecretName", "VersionId", "Description", "EncryptionKeyId", "SecretDataType", "Tags",
                "EnableAutomaticRotation", "RotationInterval", "SecretType")
            .RecordsAnswer("Arn", "SecretName", "VersionId", "SecretType")
            .NotYet(),
        InKms("DescribeSecret").Reads()
            .Needs("SecretName", SecretName)
            .Takes("FetchTags", Flag, spec => spec.Or(false))
            .Records("SecretName", "FetchTags")
            .NotYet(),
        InKms("ListSecrets").Lists()
            .Takes("FetchTags", Flag, spec => spec.Or(false))
            .Paged()
            .Takes("Filters", Filters(1, "SecretName", "Description", "TagKey", "TagValue"))
            .Records("FetchTags", "Filters")
            .NotYet(),
        InKms("UpdateSecret").Writes()
            .Needs("SecretName", SecretName)
            .Takes("Description", Text())
            .Takes("ExtendedConfig.CustomData", JsonObject())
            .Records("SecretName", "Description")
            .NotYet(),
        InKms("DeleteSecret").Writes()
            .Needs("SecretName", SecretName)
            .Takes("ForceDeleteWithoutRecovery", Flag, spec => spec.Or(false))
            .Takes("RecoveryWindowInDays", NumberText(7, 30), spec => spec.Or(30L))
            .Records("SecretName", "ForceDeleteWithoutRecovery", "RecoveryWindowInDays")
            .RecordsAnswer("SecretName", "PlannedDeleteTime")
            .NotYet(),
        InKms("RestoreSecret").Writes()
            .Needs("SecretName", SecretName)
            .Records("SecretName")
            .NotYet(),
        InKms("GetSecretValue").Reads()
            .Needs("SecretName", SecretName)
            .Takes("VersionId", Text(64))
            .Takes("VersionStage", Text(), spec => spec.Or("ACSCurrent"))
            .DryRun()
            .Takes("FetchExtendedConfig", TrueOrFalse, spec => spec.Or(false))
            .Records("SecretName", "VersionId", "VersionStage", "FetchExtendedConfig")
            .RecordsAnswer("SecretName", "VersionId", "VersionStages")
            .NotYet(),
        InKms("BatchGetSecretValue").In(Tier.Extension).Reads()
            .Needs("SecretsList", Objects(20))
            .NotYet(),
        InKms("PutSecretValue").Writes()
            .Needs("SecretData", Utf8Text(30720))
            .Needs("SecretName", SecretName)
            .Needs("VersionId", Text(64))
            .Takes("SecretDataType", OneOf("text", "binary"), spec => spec.Or("text"))
            .Takes(
                "VersionStages",
                Texts(wrapper: "VersionStage"),
                spec => spec.Or(CurrentStage))
            .Records("SecretName", "VersionId", "SecretDataType", "VersionStages")
            .RecordsAnswer("SecretName", "VersionId", "VersionStages")
            .NotYet(),
        InKms("ListSecretVersionIds").Lists()
            .Needs("SecretName", SecretName)
            .Takes("IncludeDeprecated", Flag, spec => spec.Or(false))
            .Paged(size: 20)
            .Records("SecretName", "IncludeDeprecated")
            .NotYet(),
        InKms("UpdateSecretVersionStage").Writes()
            .Needs("SecretName", SecretName)
            .Needs("VersionStage", Text())
            .Takes("MoveToVersion", Text())
            .Takes("RemoveFromVersion", Text())
            .Records("SecretName", "VersionStage", "MoveToVersion", "RemoveFromVersion")
            .NotYet(),
        InKms("UpdateSecretRotationPolicy").In(Tier.Extension).Writes()
            .Needs("EnableAutomaticRotation", TrueOrFalse)
            .Needs("SecretName", SecretName)
            .Takes("RotationInterval", Interval("6h", "8760h"), spec => spec.NeededWhenTrue("EnableAutomaticRotation"))
            .Records("EnableAutomaticRotation", "SecretName", "RotationInterval")
            .NotYet(),
        InKms("RotateSecret").In(Tier.Extension).Writes()
            .Needs("SecretName", SecretName)
            .Needs("VersionId", Text(64))
            .Records("SecretName", "VersionId")
            .RecordsAnswer("Arn", "SecretName", "VersionId")
            .NotYet(),
        InKms("GetRandomPassword").Reads()
            .Takes("ExcludeCharacters", Text())
            .Takes("ExcludeLowercase", Flag, spec => spec.Or(false))
            .Takes("ExcludeNumbers", Flag, spec => spec.Or(false))
            .Takes("ExcludePunctuation", Flag, spec => spec.Or(false))
            .Takes("ExcludeUppercase", Flag, spec => spec.Or(false))
            .Takes("PasswordLength", NumberText(8, 128), spec => spec.Or(32L))
            .Takes("RequireEachIncludedType", Flag, spec => spec.Or(true))
            .Records("PasswordLength")
            .NotYet(),
    ];
}
