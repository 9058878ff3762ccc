using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The version of a key pair that a request names, and the algorithm, checked against its usage and spec. Source: kms-api.md section 6.</summary>
internal sealed record PairCall(KeyRecord Key, string VersionId, PairUse Use)
{
    public PairAlgorithm Algorithm => Use.Algorithm;

    public static PairCall Read(OperationCall call, string usage) =>
        Read(call, call.Key(), usage, "Algorithm", "KeyVersionId");

    /// <exception cref="KmsException">
    /// Rejected.UnsupportedOperation: a symmetric key, or one for the other usage; InvalidParameter: an algorithm of other keys;
    /// Forbidden.KeyVersionNotFound: no version of this key.
    /// </exception>
    public static PairCall Read(OperationCall call, KeyRecord key, string usage, string algorithmParameter, string versionParameter)
    {
        var (name, versionId) = (call.Input.RequiredText(algorithmParameter), call.Input.RequiredText(versionParameter));
        if (!KeySpec.All[key.Spec].IsPair || key.Usage != usage)
        {
            throw KmsErrors.RejectedUnsupportedOperation.With();
        }

        var use = PairUse.Of(name, usage, key.Spec) ?? throw OperationInput.Invalid(algorithmParameter);
        return new PairCall(key, VersionOf(call, key, versionId), use);
    }

    /// <summary>A version of this key; one of another is as unknown as one of none.</summary>
    public static string VersionOf(OperationCall call, KeyRecord key, string versionId) =>
        CiphertextBlob.IsVersionId(versionId) && call.View.FindKeyOfVersion(versionId) == key.KeyId
            ? versionId
            : throw KmsErrors.KeyVersionNotFound.With();

    public byte[] Digest(OperationInput input) => Use.Digest(input, "Digest");

    public static byte[] Signature(OperationInput input) => PairUse.Signature(input, "Value");

    /// <summary>What is to be encrypted, pinned, which the caller zeroes.</summary>
    public byte[] Message(OperationInput input) => Use.Plaintext(input);

    /// <summary>What the request's ciphertext holds, pinned, which the caller zeroes. One failure for everything that is wrong with it.</summary>
    public byte[] Open(OperationInput input, VersionKeys versions)
    {
        var ciphertext = PairUse.Ciphertext(input);
        using var lease = versions.Acquire(VersionId);
        return Use.Open(ciphertext, (IKeyPair)lease.Handle);
    }

    public OperationResult Answer(string name, byte[] bytes) => OperationResult.Of(writer =>
    {
        writer.WriteString("KeyVersionId", VersionId);
        writer.WriteString("KeyId", Key.KeyId);
        writer.WriteBase64String(name, bytes);
    });
}
