using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Opens under one key and protects under another, or under the newest version of the same; the plaintext stays here. A source that
/// is a key pair is named by three parameters, and what is protected is the Base64 text that AsymmetricDecrypt would answer.
/// Source: kms-api.md section 7.
/// </summary>
internal sealed class ReEncrypt(SymmetricCryptography cryptography, VersionKeys versions) : IOperation
{
    private const int Source = 0;
    private const int Destination = 1;
    private const string SourceVersion = "SourceKeyVersionId";
    private const string SourceAlgorithm = "SourceEncryptionAlgorithm";

    private static readonly string[] OfKeyPairs = [ReferenceSpec.SourceKeyId, SourceVersion, SourceAlgorithm];

    public OperationSpec Spec { get; } = new(
        nameof(ReEncrypt), OperationKind.Cryptographic, ReferenceSpec.SourceCiphertext, ReferenceSpec.DestinationKey);

    public OperationResult Execute(OperationCall call)
    {
        var destinationContext = call.Input.EncryptionContext("DestinationEncryptionContext");
        var plaintext = OfKeyPairs.Any(call.Input.Has) ? OpenWithPair(call) : OpenSymmetric(call);
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

    private byte[] OpenSymmetric(OperationCall call)
    {
        var context = call.Input.EncryptionContext("SourceEncryptionContext");
        var source = call.References[Source];
        if (source.Key is { } key && KeySpec.All[key.Spec].IsPair)
        {
            throw KmsErrors.UnsupportedOperation.With();
        }

        return cryptography.Open(source, call.Input, context);
    }

    /// <summary>All three or none; all three with a symmetric key are a call of the wrong kind. The source's context means nothing here.</summary>
    private byte[] OpenWithPair(OperationCall call)
    {
        foreach (var name in OfKeyPairs)
        {
            _ = call.Input.RequiredText(name);
        }

        var pair = PairCall.Read(call, call.Key(Source), KeyUsages.EncryptDecrypt, SourceAlgorithm, SourceVersion);
        var message = pair.Open(call.Input, versions);
        try
        {
            return SecretText.Base64Of(message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }
}
