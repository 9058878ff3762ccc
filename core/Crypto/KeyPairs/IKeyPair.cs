namespace KmsGateway.Core.Crypto.KeyPairs;

/// <summary>
/// A version of a key pair, ready for use by any number of threads. Callers pass algorithms that fit its spec and usage, digests of
/// the right length, plaintexts that are not too long.
/// </summary>
internal interface IKeyPair : IKeyHandle
{
    /// <summary>DER SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    byte[] Sign(PairAlgorithm algorithm, ReadOnlySpan<byte> digest);

    bool Verify(PairAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);

    byte[] Encrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> plaintext);

    /// <summary>The plaintext, pinned, which the caller zeroes; null for everything that is wrong with a ciphertext.</summary>
    byte[]? TryDecrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> ciphertext);
}
