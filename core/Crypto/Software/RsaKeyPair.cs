using System.Collections.Frozen;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>RSA by the framework, that is by OpenSSL: blinded, and of one answer for whatever is wrong with a padding.</summary>
internal sealed class RsaKeyPair : IKeyPair
{
    private static readonly FrozenDictionary<PairAlgorithm, RSASignaturePadding> Signatures = new Dictionary<PairAlgorithm, RSASignaturePadding>
    {
        [PairAlgorithm.RsaPss] = RSASignaturePadding.Pss,
        [PairAlgorithm.RsaPkcs1] = RSASignaturePadding.Pkcs1,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<PairAlgorithm, RSAEncryptionPadding> Encryptions = new Dictionary<PairAlgorithm, RSAEncryptionPadding>
    {
        [PairAlgorithm.OaepSha256] = RSAEncryptionPadding.OaepSHA256,
        [PairAlgorithm.OaepSha1] = RSAEncryptionPadding.OaepSHA1,
    }.ToFrozenDictionary();

    private readonly SafeEvpPKeyHandle key;
    private readonly Lending<RSA> lending;
    private readonly int modulusBytes;

    /// <param name="rsa">The pair, or its public half alone; it stays the caller's.</param>
    [SupportedOSPlatform("linux")]
    public RsaKeyPair(RSAOpenSsl rsa)
    {
        PublicKey = rsa.ExportSubjectPublicKeyInfo();
        modulusBytes = rsa.KeySize / 8;
        // Why: all that are lent out share this one key, so that its secret numbers stand in memory once.
        var shared = key = rsa.DuplicateKeyHandle();
        lending = new Lending<RSA>(() => new RSAOpenSsl(shared));
    }

    public ReadOnlyMemory<byte> PublicKey { get; }

    public byte[] Sign(PairAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        using var loan = lending.Borrow();
        return loan.Item.SignHash(digest, HashAlgorithmName.SHA256, Signatures[algorithm]);
    }

    public bool Verify(PairAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using var loan = lending.Borrow();
        return signature.Length == modulusBytes && loan.Item.VerifyHash(digest, signature, HashAlgorithmName.SHA256, Signatures[algorithm]);
    }

    public byte[] Encrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> plaintext)
    {
        using var loan = lending.Borrow();
        return loan.Item.Encrypt(plaintext, Encryptions[algorithm]);
    }

    public byte[]? TryDecrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> block = stackalloc byte[modulusBytes];
        using var loan = lending.Borrow();
        try
        {
            if (ciphertext.Length != modulusBytes || !loan.Item.TryDecrypt(ciphertext, block, Encryptions[algorithm], out var length))
            {
                return null;
            }

            var plaintext = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            block[..length].CopyTo(plaintext);
            return plaintext;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    public void Dispose()
    {
        lending.Dispose();
        key.Dispose();
    }
}
