using System.Security.Cryptography;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>A public key that a data key is exported to. Source: kms-api.md section 6.</summary>
internal sealed class ReceiverKey
{
    private const int MaxSm2Bytes = 6047;
    private const int MaxOaepSha1Bytes = 214;
    private const int MaxOaepSha256Bytes = 190;

    private readonly string algorithm;
    private readonly byte[] publicKey;

    private ReceiverKey(string algorithm, byte[] publicKey)
    {
        this.algorithm = algorithm;
        this.publicKey = publicKey;
    }

    /// <summary>Most that fits inside.</summary>
    public int MaxBytes => algorithm switch
    {
        WrappingAlgorithms.Sm2 => MaxSm2Bytes,
        WrappingAlgorithms.OaepSha1 => MaxOaepSha1Bytes,
        _ => MaxOaepSha256Bytes,
    };

    /// <summary>Whether exports are wrapped that way: PKCS#1 v1.5 is for imports only.</summary>
    public static bool Offers(string algorithm, string keySpec) =>
        algorithm != WrappingAlgorithms.Pkcs1 && WrappingAlgorithms.Fits(algorithm, keySpec);

    /// <summary>Reads DER SubjectPublicKeyInfo of exactly such a key; null for anything else.</summary>
    public static ReceiverKey? TryRead(string algorithm, byte[] publicKey)
    {
        var keySpec = algorithm == WrappingAlgorithms.Sm2 ? WrappingAlgorithms.EcSm2 : WrappingAlgorithms.Rsa2048;
        if (ForeignPublicKey.SpecOf(publicKey) != keySpec)
        {
            return null;
        }

        var isKey = algorithm == WrappingAlgorithms.Sm2 ? Sm2Keys.IsPublicKey(publicKey) : IsRsa2048(publicKey);
        return isKey ? new ReceiverKey(algorithm, publicKey) : null;
    }

    /// <summary>RSA: a block of 256 bytes; SM2: raw C1 C3 C2.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> secret)
    {
        if (algorithm == WrappingAlgorithms.Sm2)
        {
            return Sm2Keys.TryEncrypt(publicKey, secret) ?? throw new InvalidOperationException("the key was read before");
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.Encrypt(secret, algorithm == WrappingAlgorithms.OaepSha1 ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256);
    }

    private static bool IsRsa2048(byte[] publicKey)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(publicKey, out var read);
            return read == publicKey.Length && rsa.KeySize == 2048;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
