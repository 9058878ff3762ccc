using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Encrypts the bytes behind a Base64 text with the public key of a version; the ciphertext is the bare one of the algorithm.</summary>
internal sealed class AsymmetricEncrypt(VersionKeys versions) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(AsymmetricEncrypt), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Pair };

    public OperationResult Execute(OperationCall call)
    {
        var pair = PairCall.Read(call, KeyUsages.EncryptDecrypt);
        var message = pair.Message(call.Input);
        try
        {
            CryptographicInput.StopWhenDry(call.Input);
            using var lease = versions.Acquire(pair.VersionId);
            return pair.Answer(CryptographicInput.Blob, ((IKeyPair)lease.Handle).Encrypt(pair.Algorithm, message));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }
}
