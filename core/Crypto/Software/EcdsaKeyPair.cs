using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>ECDSA by the framework, that is by OpenSSL, with fresh nonces; signatures are DER.</summary>
internal sealed class EcdsaKeyPair : IKeyPair
{
    private const DSASignatureFormat Der = DSASignatureFormat.Rfc3279DerSequence;

    private readonly SafeEvpPKeyHandle key;
    private readonly Lending<ECDsa> lending;

    /// <param name="ecdsa">The pair, or its public half alone; it stays the caller's.</param>
    [SupportedOSPlatform("linux")]
    public EcdsaKeyPair(ECDsaOpenSsl ecdsa)
    {
        PublicKey = ecdsa.ExportSubjectPublicKeyInfo();
        var shared = key = ecdsa.DuplicateKeyHandle();
        lending = new Lending<ECDsa>(() => new ECDsaOpenSsl(shared));
    }

    public ReadOnlyMemory<byte> PublicKey { get; }

    public byte[] Sign(PairAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        using var loan = lending.Borrow();
        return loan.Item.SignHash(digest, Der);
    }

    public bool Verify(PairAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using var loan = lending.Borrow();
        return DerSignature.IsWellFormed(signature) && loan.Item.VerifyHash(digest, signature, Der);
    }

    public byte[] Encrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> plaintext) => throw Unfit(algorithm);

    public byte[] TryDecrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> ciphertext) => throw Unfit(algorithm);

    public void Dispose()
    {
        lending.Dispose();
        key.Dispose();
    }

    private static ArgumentException Unfit(PairAlgorithm algorithm) =>
        new($"{algorithm.Name} is not for this key.", nameof(algorithm));
}
