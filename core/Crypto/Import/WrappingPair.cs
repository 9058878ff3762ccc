using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>A fresh key pair that wraps material on its way here. The private half is zeroed on dispose.</summary>
internal sealed class WrappingPair : IDisposable
{
    /// <summary>More than the PKCS#8 of RSA 2048 takes (about 1,220).</summary>
    private const int MostBytes = 2048;

    private readonly SecretBuffer privateKey;

    /// <summary>Takes over <paramref name="privateKey"/> and zeroes it.</summary>
    private WrappingPair(byte[] publicKey, byte[] privateKey)
    {
        PublicKey = publicKey;
        this.privateKey = new SecretBuffer(privateKey);
        CryptographicOperations.ZeroMemory(privateKey);
    }

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; }

    /// <summary>RSA: DER PKCS#8; SM2: the 32 bytes of the scalar.</summary>
    public ReadOnlySpan<byte> PrivateKey => privateKey.ExposeBytes();

    /// <summary>Takes a quarter of a second for RSA.</summary>
    public static WrappingPair Generate(string keySpec)
    {
        if (keySpec == WrappingAlgorithms.EcSm2)
        {
            var (publicKey, scalar) = Sm2Keys.Generate();
            return new WrappingPair(publicKey, scalar);
        }

        using var rsa = RSA.Create(2048);
        return new WrappingPair(rsa.ExportSubjectPublicKeyInfo(), PrivateKeyOf(rsa));
    }

    /// <summary>DER PKCS#8, in memory that is not moved and thereby copied; the caller zeroes it.</summary>
    private static byte[] PrivateKeyOf(RSA rsa)
    {
        Span<byte> buffer = GC.AllocateUninitializedArray<byte>(MostBytes, pinned: true);
        try
        {
            if (!rsa.TryExportPkcs8PrivateKey(buffer, out var length))
            {
                throw new CryptographicException("A private key is longer than any should be.");
            }

            var pkcs8 = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            buffer[..length].CopyTo(pkcs8);
            return pkcs8;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    public void Dispose() => privateKey.Dispose();
}
