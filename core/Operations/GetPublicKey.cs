using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The public key of a version: PEM SubjectPublicKeyInfo with a final newline.</summary>
internal sealed class GetPublicKey(VersionKeys versions) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(GetPublicKey), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Pair };

    public OperationResult Execute(OperationCall call)
    {
        var named = call.Input.RequiredText("KeyVersionId");
        var key = call.Key();
        var versionId = PairCall.VersionOf(call, key, named);
        CryptographicInput.StopWhenDry(call.Input);
        using var lease = versions.Acquire(versionId);
        var pem = PemEncoding.WriteString("PUBLIC KEY", ((IKeyPair)lease.Handle).PublicKey.Span) + "\n";
        return OperationResult.Of(writer =>
        {
            writer.WriteString("KeyVersionId", versionId);
            writer.WriteString("KeyId", key.KeyId);
            writer.WriteString("PublicKey", pem);
        });
    }
}
