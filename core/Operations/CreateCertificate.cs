using System.Security.Cryptography.X509Certificates;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Makes a key pair and a request for a certificate of it; the private key is sealed here and stays.</summary>
internal sealed class CreateCertificate(CertificateKeys keys, PairGeneration generation, CoreQuotas quotas) : IPreparedOperation
{
    private const string HostNamesParameter = "SubjectAlternativeNames";
    private const string Exportable = "ExportablePrivateKey";

    public OperationSpec Spec { get; } = new(nameof(CreateCertificate), OperationKind.Mutating, ReferenceSpec.CertificateContainer);

    public async ValueTask<object?> PrepareAsync(OperationCall call)
    {
        var spec = SpecOf(call.Input);
        var subject = SubjectText.TryRead(call.Input.RequiredText("Subject")) ?? throw OperationInput.Invalid("Subject");
        var hostNames = HostNamesOf(call.Input);
        var isExportable = !call.Input.Has(Exportable) || call.Input.Boolean(Exportable);
        RequireRoom(call);
        var certificateId = Guid.NewGuid().ToString("D");
        var key = await generation.RunAsync(call.Ticket.Account, KeySpec.All[spec], () => keys.Generate(certificateId, spec, subject, hostNames));
        return NewRecord(call, certificateId, spec, subject, hostNames, isExportable, key);
    }

    public OperationResult Execute(OperationCall call)
    {
        var record = (CertificateRecord)call.Prepared!;
        RequireRoom(call);
        call.Transaction.InsertCertificate(record);
        return OperationResult.Of(writer =>
        {
            writer.WriteString("Csr", record.Request);
            writer.WriteString("CertificateId", record.CertificateId);
            writer.WriteString("Arn", record.Arn);
        });
    }

    /// <summary>Before the key pair is made, so that a full account makes nobody wait, and again in the transaction.</summary>
    private void RequireRoom(OperationCall call)
    {
        if (call.View.CountCertificates(call.Ticket.Account, call.Region) >= quotas.CertificatesPerRegion)
        {
            throw KmsErrors.RejectedLimitExceeded.With();
        }
    }

    private static CertificateRecord NewRecord(
        OperationCall call, string certificateId, string spec, X500DistinguishedName subject, string[] hostNames, bool isExportable, CertificateKey key) => new()
        {
            CertificateId = certificateId,
            Account = call.Ticket.Account,
            Region = call.Region,
            Spec = spec,
            Status = CertificateStatus.Pending,
            Subject = subject.Name,
            HostNames = [.. hostNames],
            IsExportable = isExportable,
            PublicKey = [.. key.PublicKey],
            Request = key.Request,
            MetadataVersion = 1,
            CreatedAt = call.Now,
            UpdatedAt = call.Now,
            Epoch = key.Epoch,
            Sealed = [.. key.Sealed],
        };

    /// <summary>What the API knows and this service does not do yet is refused in words.</summary>
    private string SpecOf(OperationInput input)
    {
        var spec = input.RequiredText("KeySpec");
        if (spec is not ("RSA_2048" or "EC_P256" or "EC_SM2"))
        {
            throw OperationInput.Invalid("KeySpec");
        }

        return keys.Offers(spec) ? spec : throw KmsErrors.UnsupportedOperation.Because($"Certificates of KeySpec {spec} are not supported.");
    }

    private static string[] HostNamesOf(OperationInput input)
    {
        string[] names = [.. input.Texts(HostNamesParameter, HostNames.Most)];
        return names.All(HostNames.IsValid) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length
            ? names
            : throw OperationInput.Invalid(HostNamesParameter);
    }
}
