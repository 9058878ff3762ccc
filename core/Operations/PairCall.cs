using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The version of a key pair that a request names, and the algorithm, checked against its usage and spec. Source: kms-api.md section 6.</summary>
internal sealed record PairCall(KeyRecord Key, string VersionId, PairAlgorithm Algorithm)
{
    /// <summary>Base64 text of the longest SM2 ciphertext in ASN.1: 6,047 bytes of text and at most 116 around them.</summary>
    private const int MostCiphertextCharacters = 8220;

    /// <summary>Base64 text of the longest signature, that of RSA-3072, and more: what is longer is no signature of anything.</summary>
    private const int MostSignatureCharacters = 1024;

    private const string Plaintext = "Plaintext";
    private const string Value = "Value";

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

        if (PairAlgorithm.All.GetValueOrDefault(name) is not { } algorithm
            || algorithm.Usage != usage
            || algorithm.InputBytesOf(key.Spec) is null)
        {
            throw OperationInput.Invalid(algorithmParameter);
        }

        return new PairCall(key, VersionOf(call, key, versionId), algorithm);
    }

    /// <summary>A version of this key; one of another is as unknown as one of none.</summary>
    public static string VersionOf(OperationCall call, KeyRecord key, string versionId) =>
        CiphertextBlob.IsVersionId(versionId) && call.View.FindKeyOfVersion(versionId) == key.KeyId
            ? versionId
            : throw KmsErrors.KeyVersionNotFound.With();

    public byte[] Digest(OperationInput input)
    {
        var digest = input.Base64("Digest", MostSignatureCharacters);
        return digest.Length == Algorithm.InputBytesOf(Key.Spec) ? digest : throw OperationInput.Invalid("Digest");
    }

    public static byte[] Signature(OperationInput input) => input.Base64(Value, MostSignatureCharacters);

    /// <summary>What is to be encrypted, pinned, which the caller zeroes.</summary>
    public byte[] Message(OperationInput input) => input.SecretBase64(Plaintext, Algorithm.InputBytesOf(Key.Spec)!.Value);

    /// <summary>What the request's ciphertext holds, pinned, which the caller zeroes. One failure for everything that is wrong with it.</summary>
    public byte[] Open(OperationInput input, VersionKeys versions)
    {
        var ciphertext = input.Base64(CryptographicInput.Blob, MostCiphertextCharacters);
        using var lease = versions.Acquire(VersionId);
        return ((IKeyPair)lease.Handle).TryDecrypt(Algorithm, ciphertext) ?? throw OperationInput.Invalid(CryptographicInput.Blob);
    }

    public OperationResult Answer(string name, byte[] bytes) => OperationResult.Of(writer =>
    {
        writer.WriteString("KeyVersionId", VersionId);
        writer.WriteString("KeyId", Key.KeyId);
        writer.WriteBase64String(name, bytes);
    });
}
