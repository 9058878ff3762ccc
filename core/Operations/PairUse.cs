using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Operations;

/// <summary>An algorithm and the spec of the key pair it is used with, and what a request gives to the two. Source: kms-api.md section 6.</summary>
internal sealed record PairUse(string Spec, PairAlgorithm Algorithm)
{
    /// <summary>Base64 text of the longest SM2 ciphertext in ASN.1: 6,047 bytes of text and at most 116 around them.</summary>
    private const int MostCiphertextCharacters = 8220;

    /// <summary>Base64 text of the longest signature, that of RSA-3072, and more: what is longer is no signature of anything.</summary>
    private const int MostSignatureCharacters = 1024;

    /// <summary>Null when there is no such algorithm, or it does not fit.</summary>
    public static PairUse? Of(string algorithm, string usage, string spec) =>
        PairAlgorithm.All.GetValueOrDefault(algorithm) is { } found && found.Usage == usage && found.InputBytesOf(spec) is not null
            ? new PairUse(spec, found)
            : null;

    /// <summary>A digest of the length that the algorithm signs.</summary>
    public byte[] Digest(OperationInput input, string parameter)
    {
        var digest = input.Base64(parameter, MostSignatureCharacters);
        return digest.Length == Algorithm.InputBytesOf(Spec) ? digest : throw OperationInput.Invalid(parameter);
    }

    public static byte[] Signature(OperationInput input, string parameter) => input.Base64(parameter, MostSignatureCharacters);

    /// <summary>What is to be encrypted, pinned, which the caller zeroes.</summary>
    public byte[] Plaintext(OperationInput input) => input.SecretBase64(nameof(Plaintext), Algorithm.InputBytesOf(Spec)!.Value);

    public static byte[] Ciphertext(OperationInput input) => input.Base64(CryptographicInput.Blob, MostCiphertextCharacters);

    /// <summary>What a ciphertext holds, pinned, which the caller zeroes. One failure for everything that is wrong with it.</summary>
    public byte[] Open(byte[] ciphertext, IKeyPair pair) =>
        pair.TryDecrypt(Algorithm, ciphertext) ?? throw OperationInput.Invalid(CryptographicInput.Blob);
}
