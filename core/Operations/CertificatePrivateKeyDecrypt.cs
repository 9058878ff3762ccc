using System.Security.Cryptography;
using System.Text.Json;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Opens with the private key of a certificate; answers the Base64 text of what was inside. One failure, whatever is wrong inside.</summary>
internal sealed class CertificatePrivateKeyDecrypt(CertificateKeys keys) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(CertificatePrivateKeyDecrypt), OperationKind.Cryptographic, ReferenceSpec.CertificateId) { IsForKeyUsers = false };

    public OperationResult Execute(OperationCall call)
    {
        var certificate = CertificateCall.Read(call, KeyUsages.EncryptDecrypt);
        var ciphertext = PairUse.Ciphertext(call.Input);
        using var lease = keys.Acquire(certificate.Certificate.CertificateId);
        var message = certificate.Use.Open(ciphertext, (IKeyPair)lease.Handle);
        try
        {
            return new Opened(certificate.Certificate.CertificateId, SecretText.Base64Of(message));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }

    private sealed class Opened(string certificateId, byte[] plaintext) : OperationResult
    {
        protected override void WriteMembers(Utf8JsonWriter writer)
        {
            writer.WriteString("CertificateId", certificateId);
            writer.WriteString("Plaintext", plaintext);
        }

        protected override void Dispose(bool disposing)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            base.Dispose(disposing);
        }
    }
}
