using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Symmetric cryptography. Source: kms-api.md 4, 7.</summary>
internal static class KmsSymmetricActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("Encrypt").Reads()
            .NeedsKey()
            .Needs("Plaintext", Utf8Text(8192))
            .Context()
            .DryRun()
            .Records("KeyId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("Decrypt").Reads()
            .Needs("CiphertextBlob", Base64)
            .Context()
            .DryRun()
            .Recipient()
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("GenerateDataKey").Reads()
            .NeedsKey()
            .Context()
            .DataKeyLength()
            .DryRun()
            .Recipient()
            .Records("KeyId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("GenerateDataKeyWithoutPlaintext").Reads()
            .NeedsKey()
            .Context()
            .DataKeyLength()
            .DryRun()
            .Records("KeyId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("ExportDataKey").Reads()
            .Needs("CiphertextBlob", Base64)
            .Needs("PublicKeyBlob", Base64)
            .Needs("WrappingAlgorithm", OneOf("RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE"))
            .Needs("WrappingKeySpec", OneOf("RSA_2048", "EC_SM2"))
            .DryRun()
            .Context()
            .Records("WrappingAlgorithm", "WrappingKeySpec")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("GenerateAndExportDataKey").Reads()
            .NeedsKey()
            .Needs("PublicKeyBlob", Base64)
            .Needs("WrappingAlgorithm", OneOf("RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE"))
            .Needs("WrappingKeySpec", OneOf("RSA_2048", "EC_SM2"))
            .DryRun()
            .Context()
            .DataKeyLength()
            .Records("KeyId", "WrappingAlgorithm", "WrappingKeySpec")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
        InKms("ReEncrypt").Reads()
            .Needs("CiphertextBlob", Base64)
            .NeedsKey("DestinationKeyId")
            .Context("DestinationEncryptionContext")
            .DryRun()
            .Takes("SourceEncryptionAlgorithm", OneOf("RSAES_OAEP_SHA_256", "RSAES_OAEP_SHA_1", "SM2PKE"))
            .Context("SourceEncryptionContext")
            .TakesKey("SourceKeyId")
            .Takes("SourceKeyVersionId", Text())
            .Records("DestinationKeyId", "SourceEncryptionAlgorithm", "SourceKeyId", "SourceKeyVersionId")
            .RecordsAnswer("KeyId", "KeyVersionId")
            .AnsweredByCore(),
    ];
}
