using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>Protects opaque text of 1 to 8,192 UTF-8 bytes (decisions.md D6).</summary>
internal sealed class Encrypt(SymmetricCryptography cryptography) : IOperation
{
    private const string Plaintext = "Plaintext";

    public OperationSpec Spec { get; } = new(nameof(Encrypt), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias);

    public OperationResult Execute(OperationCall call)
    {
        var context = call.Input.EncryptionContext();
        var plaintext = call.Input.SecretText(Plaintext, SymmetricCryptography.MaxPlaintextBytes)
            ?? throw KmsErrors.MissingParameter.With(Plaintext);
        try
        {
            CryptographicInput.StopWhenDry(call.Input);
            var key = call.Key();
            var encrypted = cryptography.Encrypt(key, plaintext, context);
            return new CiphertextAnswer(key.KeyId, encrypted.VersionId, encrypted.Blob, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
