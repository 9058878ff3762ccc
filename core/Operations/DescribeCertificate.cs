using System.Security.Cryptography;
using System.Text.Json;
using KmsGateway.Core.Certificates;

namespace KmsGateway.Core.Operations;

/// <summary>What a certificate says; of a pending one what its request says, and no fields that only an authority fills.</summary>
internal sealed class DescribeCertificate : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DescribeCertificate), OperationKind.Read, ReferenceSpec.CertificateId);

    public OperationResult Execute(OperationCall call)
    {
        var record = call.Certificate();
        var issued = record.Certificate is { } pem ? CertificateFields.TryRead(PemCertificates.Read(pem, "Certificate", 1)[0]) : null;
        return OperationResult.Of(writer =>
        {
            writer.WriteString("CertificateId", record.CertificateId);
            writer.WriteString("Arn", record.Arn);
            writer.WriteString("Status", CertificateStatusTable.NameOf(record.Status));
            writer.WriteString("KeySpec", record.Spec);
            writer.WriteBoolean("ExportablePrivateKey", record.IsExportable);
            writer.WriteString("CreatedAt", KeyMetadata.Time(record.CreatedAt));
            writer.WriteString("UpdatedAt", KeyMetadata.Time(record.UpdatedAt));
            writer.WriteString("Subject", issued?.SubjectText ?? record.Subject);
            writer.WriteString("SubjectPublicKey", PemEncoding.WriteString("PUBLIC KEY", record.PublicKey.AsSpan()) + "\n");
            WriteTexts(writer, "SubjectAlternativeNames", issued?.HostNames ?? record.HostNames);
            WriteTags(writer, record);
            WriteIssued(writer, issued);
        });
    }

    private static void WriteIssued(Utf8JsonWriter writer, CertificateFields? issued)
    {
        if (issued is null)
        {
            return;
        }

        writer.WriteString("Issuer", issued.IssuerText);
        writer.WriteString("Serial", issued.Serial);
        writer.WriteString("SignatureAlgorithm", IssuerKeys.NameOf(issued.SignatureOid));
        writer.WriteString("SubjectKeyIdentifier", issued.SubjectKeyIdentifier);
        writer.WriteString("NotBefore", KeyMetadata.Time(issued.NotBefore));
        writer.WriteString("NotAfter", KeyMetadata.Time(issued.NotAfter));
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteTags(Utf8JsonWriter writer, CertificateRecord record)
    {
        writer.WriteStartObject("Tags");
        foreach (var (key, value) in record.Tags)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
