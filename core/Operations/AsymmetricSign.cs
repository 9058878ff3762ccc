using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Signs a digest with the private key of a version.</summary>
internal sealed class AsymmetricSign(VersionKeys versions) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(AsymmetricSign), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Pair };

    public OperationResult Execute(OperationCall call)
    {
        var pair = PairCall.Read(call, KeyUsages.SignVerify);
        var digest = pair.Digest(call.Input);
        CryptographicInput.StopWhenDry(call.Input);
        using var lease = versions.Acquire(pair.VersionId);
        return pair.Answer("Value", ((IKeyPair)lease.Handle).Sign(pair.Algorithm, digest));
    }
}
