using KmsGateway.Core.Certificates;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Whether a signature is one over a message, or its digest, by the key of a certificate; one that is not is an answer, no error.</summary>
internal sealed class CertificatePublicKeyVerify(CertificateKeys keys) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(CertificatePublicKeyVerify), OperationKind.Cryptographic, ReferenceSpec.CertificateId) { IsForKeyUsers = false };

    public OperationResult Execute(OperationCall call)
    {
        var certificate = CertificateCall.Read(call, KeyUsages.SignVerify);
        var digest = certificate.Digest(call.Input);
        var signature = PairUse.Signature(call.Input, "SignatureValue");
        using var lease = keys.Acquire(certificate.Certificate.CertificateId);
        var holds = ((IKeyPair)lease.Handle).Verify(certificate.Algorithm, digest, signature);
        return OperationResult.Of(writer =>
        {
            writer.WriteString("CertificateId", certificate.Certificate.CertificateId);
            writer.WriteBoolean("SignatureValid", holds);
        });
    }
}
