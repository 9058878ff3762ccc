using KmsGateway.Core.Certificates;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Signs a message, or its digest, with the private key of a certificate.</summary>
internal sealed class CertificatePrivateKeySign(CertificateKeys keys) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(CertificatePrivateKeySign), OperationKind.Cryptographic, ReferenceSpec.CertificateId) { IsForKeyUsers = false };

    public OperationResult Execute(OperationCall call)
    {
        var certificate = CertificateCall.Read(call, KeyUsages.SignVerify);
        var digest = certificate.Digest(call.Input);
        using var lease = keys.Acquire(certificate.Certificate.CertificateId);
        return certificate.Answer("SignatureValue", ((IKeyPair)lease.Handle).Sign(certificate.Algorithm, digest));
    }
}
