using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>A fresh key pair that wraps material on its way here. The private half is zeroed on dispose.</summary>
internal sealed class WrappingPair : IDisposable
{
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
        return new WrappingPair(rsa.ExportSubjectPublicKeyInfo(), rsa.ExportPkcs8PrivateKey());
    }

    public void Dispose() => privateKey.Dispose();
}
