namespace KmsGateway.Core.Operations;

/// <summary>Erases a certificate with its private key, at once and for ever.</summary>
internal sealed class DeleteCertificate : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DeleteCertificate), OperationKind.Mutating, ReferenceSpec.CertificateId);

    public OperationResult Execute(OperationCall call)
    {
        call.Transaction.EraseCertificate(call.Certificate().CertificateId);
        return OperationResult.Nothing;
    }
}
