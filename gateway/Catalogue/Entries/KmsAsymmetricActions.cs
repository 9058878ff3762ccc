using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Asymmetric cryptography and MAC. Source: kms-api.md 4, 6.</summary>
internal static class KmsAsymmetricActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("GetPublicKey").Reads()
            .NeedsKey()
            .Needs("KeyVersionId", Uuid)
            .DryRun()
            .Records("KeyId", "KeyVersionId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("AsymmetricSign").Reads()
            .Needs("Algorithm", OneOf("RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256", "ECDSA_SHA_256", "SM2DSA"))
            .Needs("Digest", Base64)
            .NeedsKey()
            .Needs("KeyVersionId", Uuid)
            .DryRun()
            .Records("Algorithm", "KeyId", "KeyVersionId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("AsymmetricVerify").Reads()
            .Needs("Algorithm", OneOf("RSA_PSS_SHA_256", "RSA_PKCS1_SHA_256", "ECDSA_SHA_256", "SM2DSA"))
            .Needs("Digest", Base64)
            .NeedsKey()
            .Needs("KeyVersionId", Uuid)
            .Needs("Value", Base64)
            .DryRun()
            .Records("Algorithm", "KeyId", "KeyVersionId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("AsymmetricEncrypt").Reads()
            .Needs("Algorithm", OneOf("RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE"))
            .NeedsKey()
            .Needs("KeyVersionId", Uuid)
            .Needs("Plaintext", Text())
            .DryRun()
            .Records("Algorithm", "KeyId", "KeyVersionId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("AsymmetricDecrypt").Reads()
            .Needs("Algorithm", OneOf("RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE"))
            .Needs("CiphertextBlob", Base64)
            .NeedsKey()
            .Needs("KeyVersionId", Uuid)
            .DryRun()
            .Records("Algorithm", "KeyId", "KeyVersionId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("GenerateMac").In(Tier.Extension).Reads()
            .Needs("Algorithm", OneOf(CommonParameters.MacKeySpecs))
            .NeedsKey()
            .Needs("Message", Base64)
            .DryRun()
            .Records("Algorithm", "KeyId")
            .RecordsAnswer("KeyId")
            .AnsweredByCore(),
        InKms("VerifyMac").In(Tier.Extension).Reads()
            .Needs("Algorithm", OneOf(CommonParameters.MacKeySpecs))
            .NeedsKey()
            .Needs("Mac", Base64)
            .Needs("Message", Base64)
            .DryRun()
            .Records("Algorithm", "KeyId")
            .RecordsAnswer("KeyId")
            .AnsweredByCore(),
    ];
}
