using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Certificates. Source: kms-api.md 4.</summary>
internal static class KmsCertificateActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("CreateCertificate").In(Tier.Legacy).Writes()
            .Needs("KeySpec", OneOf("RSA_2048", "EC_P256", "EC_SM2"))
            .Needs("Subject", Text())
            .Takes("ExportablePrivateKey", TrueOrFalse, spec => spec.Or(true))
            .Takes("SubjectAlternativeNames", Texts(maxItems: 10))
            .Records("KeySpec", "Subject", "ExportablePrivateKey", "SubjectAlternativeNames")
            .RecordsAnswer("Arn", "CertificateId")
            .AnsweredByCore(),
        InKms("UploadCertificate").In(Tier.Legacy).Writes()
            .Needs("Certificate", Text())
            .Needs("CertificateId", Uuid)
            .Takes("CertificateChain", Text())
            .Records("CertificateId")
            .AnsweredByCore(),
        InKms("GetCertificate").In(Tier.Legacy).Reads()
            .Needs("CertificateId", Uuid)
            .Records("CertificateId")
            .AnsweredByCore(),
        InKms("DescribeCertificate").In(Tier.Legacy).Reads()
            .Needs("CertificateId", Uuid)
            .Records("CertificateId")
            .AnsweredByCore(),
        InKms("UpdateCertificateStatus").In(Tier.Legacy).Writes()
            .Needs("CertificateId", Uuid)
            .Needs("Status", OneOfOr(["ACTIVE", "INACTIVE", "REVOKED"], ["DISABLE", "DISABLED"]))
            .Records("CertificateId", "Status")
            .AnsweredByCore(),
        InKms("DeleteCertificate").In(Tier.Legacy).Writes()
            .Needs("CertificateId", Uuid)
            .Records("CertificateId")
            .AnsweredByCore(),
        InKms("CertificatePrivateKeySign").In(Tier.Legacy).Reads()
            .Needs("Algorithm", OneOf("RSA_PKCS1_SHA_256", "RSA_PSS_SHA_256", "ECDSA_SHA_256", "SM2DSA"))
            .Needs("CertificateId", Uuid)
            .Needs("Message", Base64)
            .Takes("MessageType", OneOf("RAW", "DIGEST"), spec => spec.Or("RAW"))
            .Records("Algorithm", "CertificateId", "MessageType")
            .AnsweredByCore(),
        InKms("CertificatePublicKeyVerify").In(Tier.Legacy).Reads()
            .Needs("Algorithm", OneOf("RSA_PKCS1_SHA_256", "RSA_PSS_SHA_256", "ECDSA_SHA_256", "SM2DSA"))
            .Needs("CertificateId", Uuid)
            .Needs("Message", Base64)
            .Needs("SignatureValue", Base64)
            .Takes("MessageType", OneOf("RAW", "DIGEST"), spec => spec.Or("RAW"))
            .Records("Algorithm", "CertificateId", "MessageType")
            .AnsweredByCore(),
        InKms("CertificatePublicKeyEncrypt").In(Tier.Legacy).Reads()
            .Needs("Algorithm", OneOf("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"))
            .Needs("CertificateId", Uuid)
            .Needs("Plaintext", Text())
            .Records("Algorithm", "CertificateId")
            .AnsweredByCore(),
        InKms("CertificatePrivateKeyDecrypt").In(Tier.Legacy).Reads()
            .Needs("Algorithm", OneOf("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"))
            .Needs("CertificateId", Uuid)
            .Needs("CiphertextBlob", Base64)
            .Records("Algorithm", "CertificateId")
            .AnsweredByCore(),
    ];
}
