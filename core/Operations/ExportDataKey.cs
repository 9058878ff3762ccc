using System.Security.Cryptography;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>Opens a data key and wraps its bytes, not their Base64 text, for the holder of a public key.</summary>
internal sealed class ExportDataKey(SymmetricCryptography cryptography) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(ExportDataKey), OperationKind.Cryptographic, ReferenceSpec.Ciphertext);

    public OperationResult Execute(OperationCall call)
    {
        var export = DataKeyExport.Read(call.Input);
        var context = call.Input.EncryptionContext();
        var source = call.References[0];
        var text = cryptography.Open(source, call.Input, context);
        try
        {
            var exported = export.Wrap(text, CryptographicInput.Blob);
            CryptographicInput.StopWhenDry(call.Input);
            return new CiphertextAnswer(source.Key!.KeyId, source.VersionId!, null, null, exported);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
