using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Opens with the private key of a version; answers the Base64 text of what was inside. One failure, whatever is wrong inside.</summary>
internal sealed class AsymmetricDecrypt(VersionKeys versions) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(AsymmetricDecrypt), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Pair };

    public OperationResult Execute(OperationCall call)
    {
        var pair = PairCall.Read(call, KeyUsages.EncryptDecrypt);
        var message = pair.Open(call.Input, versions);
        try
        {
            CryptographicInput.StopWhenDry(call.Input);
            return new CiphertextAnswer(pair.Key.KeyId, pair.VersionId, null, SecretText.Base64Of(message));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }
}
