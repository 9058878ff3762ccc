namespace KmsGateway.Core.Operations;

/// <summary>Request, certificate and issuers as PEM; the last two once they were uploaded.</summary>
internal sealed class GetCertificate : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(GetCertificate), OperationKind.Read, ReferenceSpec.CertificateId);

    public OperationResult Execute(OperationCall call)
    {
        var record = call.Certificate();
        return OperationResult.Of(writer =>
        {
            writer.WriteString("CertificateId", record.CertificateId);
            writer.WriteString("Csr", record.Request);
            if (record.Certificate is not null)
            {
                writer.WriteString("Certificate", record.Certificate);
            }

            if (record.Chain is not null)
            {
                writer.WriteString("CertificateChain", record.Chain);
            }
        });
    }
}
