using KmsGateway.Core.Certificates;

namespace KmsGateway.Core.Operations;

/// <summary>Takes what an authority made of the request, which is active from then on.</summary>
internal sealed class UploadCertificate : IPreparedOperation
{
    public OperationSpec Spec { get; } = new(nameof(UploadCertificate), OperationKind.Mutating, ReferenceSpec.CertificateId);

    /// <summary>Why before the transaction: it checks up to nine signatures. The key of a certificate never changes.</summary>
    public ValueTask<object?> PrepareAsync(OperationCall call) => ValueTask.FromResult<object?>(IssuedCertificate.Read(
        call.Input.RequiredText("Certificate"), call.Input.Text("CertificateChain"), call.Certificate(), call.Now));

    public OperationResult Execute(OperationCall call)
    {
        var issued = (IssuedCertificate)call.Prepared!;
        call.Transaction.UpdateCertificate(call.Certificate() with
        {
            Status = CertificateStatus.Active,
            Certificate = issued.Certificate,
            Chain = issued.Chain,
            UpdatedAt = call.Now,
        });
        return OperationResult.Nothing;
    }
}
