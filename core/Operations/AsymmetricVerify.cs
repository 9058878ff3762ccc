using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Whether a signature is one over a digest by a version; one that is not is an answer, no error.</summary>
internal sealed class AsymmetricVerify(VersionKeys versions) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(AsymmetricVerify), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Pair };

    public OperationResult Execute(OperationCall call)
    {
        var pair = PairCall.Read(call, KeyUsages.SignVerify);
        var digest = pair.Digest(call.Input);
        var signature = PairCall.Signature(call.Input);
        CryptographicInput.StopWhenDry(call.Input);
        using var lease = versions.Acquire(pair.VersionId);
        var holds = ((IKeyPair)lease.Handle).Verify(pair.Algorithm, digest, signature);
        return OperationResult.Of(writer =>
        {
            writer.WriteString("KeyVersionId", pair.VersionId);
            writer.WriteString("KeyId", pair.Key.KeyId);
            writer.WriteBoolean("Value", holds);
        });
    }
}
