using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Opens under one key and protects under another, or under the newest version of the same; the plaintext stays here. A source that
/// is a key pair is named by three parameters; there are none yet. Source: kms-api.md section 7.
/// </summary>
internal sealed class ReEncrypt(SymmetricCryptography cryptography) : IOperation
{
    private const int Source = 0;
    private const int Destination = 1;

    private static readonly string[] OfKeyPairs = [ReferenceSpec.SourceKeyId, "SourceKeyVersionId", "SourceEncryptionAlgorithm"];

    public OperationSpec Spec { get; } = new(
        nameof(ReEncrypt), OperationKind.Cryptographic, ReferenceSpec.SourceCiphertext, ReferenceSpec.DestinationKey);

    public OperationResult Execute(OperationCall call)
    {
        RefuseKeyPairs(call.Input);
        var sourceContext = call.Input.EncryptionContext("SourceEncryptionContext");
        var destinationContext = call.Input.EncryptionContext("DestinationEncryptionContext");
        var plaintext = cryptography.Open(call.References[Source], call.Input, sourceContext);
        try
        {
            CryptographicInput.StopWhenDry(call.Input);
            var destination = call.Key(Destination);
            var encrypted = cryptography.Encrypt(destination, plaintext, destinationContext);
            return new CiphertextAnswer(destination.KeyId, encrypted.VersionId, encrypted.Blob, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>All three or none; all three with a symmetric key are a call of the wrong kind.</summary>
    private static void RefuseKeyPairs(OperationInput input)
    {
        if (!OfKeyPairs.Any(input.Has))
        {
            return;
        }

        foreach (var name in OfKeyPairs)
        {
            _ = input.RequiredText(name);
        }

        throw KmsErrors.RejectedUnsupportedOperation.With();
    }
}
