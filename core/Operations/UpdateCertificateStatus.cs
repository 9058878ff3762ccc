using KmsGateway.Core.Certificates;

namespace KmsGateway.Core.Operations;

/// <summary>Turns a certificate on or off, or revokes it for ever.</summary>
internal sealed class UpdateCertificateStatus : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(UpdateCertificateStatus), OperationKind.Mutating, ReferenceSpec.CertificateId);

    public OperationResult Execute(OperationCall call)
    {
        var wanted = CertificateStatusTable.Settable(call.Input.RequiredText("Status")) ?? throw OperationInput.Invalid("Status");
        var record = call.Certificate();
        if (record.Status != wanted)
        {
            call.Transaction.UpdateCertificate(record with { Status = wanted, UpdatedAt = call.Now });
        }

        return OperationResult.Nothing;
    }
}
