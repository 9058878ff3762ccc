using System.Text;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>Opens what Encrypt and GenerateDataKey made. One failure for everything that is wrong with a blob (decisions.md D6).</summary>
internal sealed class Decrypt(SymmetricCryptography cryptography) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(Decrypt), OperationKind.Cryptographic, ReferenceSpec.Ciphertext);

    public OperationResult Execute(OperationCall call)
    {
        var context = call.Input.EncryptionContext();
        CryptographicInput.StopWhenDry(call.Input);
        var reference = call.References[0];
        var text = call.Input.RequiredText("CiphertextBlob");
        var blob = CiphertextBlob.DecodeStrict(Encoding.UTF8.GetBytes(text));
        var plaintext = cryptography.Decrypt(reference.Key, reference.VersionId, blob, context)
            ?? throw OperationInput.Invalid("CiphertextBlob");
        return new CiphertextAnswer(reference.Key!.KeyId, reference.VersionId!, null, plaintext);
    }
}
