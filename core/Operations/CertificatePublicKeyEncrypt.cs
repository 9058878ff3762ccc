using System.Security.Cryptography;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Encrypts the bytes behind a Base64 text with the public key of a certificate.</summary>
internal sealed class CertificatePublicKeyEncrypt(CertificateKeys keys) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(CertificatePublicKeyEncrypt), OperationKind.Cryptographic, ReferenceSpec.CertificateId) { IsForKeyUsers = false };

    public OperationResult Execute(OperationCall call)
    {
        var certificate = CertificateCall.Read(call, KeyUsages.EncryptDecrypt);
        var message = certificate.Use.Plaintext(call.Input);
        try
        {
            using var lease = keys.Acquire(certificate.Certificate.CertificateId);
            return certificate.Answer(CryptographicInput.Blob, ((IKeyPair)lease.Handle).Encrypt(certificate.Algorithm, message));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }
}
