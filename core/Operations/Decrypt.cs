using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>Opens what Encrypt and GenerateDataKey made.</summary>
internal sealed class Decrypt(SymmetricCryptography cryptography) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(Decrypt), OperationKind.Cryptographic, ReferenceSpec.Ciphertext);

    public OperationResult Execute(OperationCall call)
    {
        var context = call.Input.EncryptionContext();
        var source = call.References[0];
        var plaintext = cryptography.Open(source, call.Input, context);
        CryptographicInput.StopWhenDry(call.Input, plaintext);
        return new CiphertextAnswer(source.Key!.KeyId, source.VersionId!, null, plaintext);
    }
}
