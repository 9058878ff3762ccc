using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>A fresh key pair on its way into a sealed record.</summary>
internal sealed class GeneratedPair : IDisposable
{
    /// <summary>More than RSA-3072 needs, 1.8 KB.</summary>
    private const int MostBytes = 2048;

    private readonly SecretBuffer privateKey;

    /// <param name="publicKey">DER SubjectPublicKeyInfo.</param>
    /// <param name="writePrivateKey">Writes DER PKCS#8 and gives its length.</param>
    public GeneratedPair(byte[] publicKey, PrivateKeyWriter writePrivateKey)
    {
        PublicKey = publicKey;
        var length = 0;
        privateKey = SecretBuffer.Filled(MostBytes, bytes => length = writePrivateKey(bytes));
        Length = length;
    }

    public byte[] PublicKey { get; }

    /// <summary>Length of the private key.</summary>
    public int Length { get; }

    /// <summary>DER PKCS#8.</summary>
    public ReadOnlySpan<byte> PrivateKey => privateKey.ExposeBytes()[..Length];

    public static GeneratedPair Of(AsymmetricAlgorithm pair) => new(
        pair.ExportSubjectPublicKeyInfo(),
        bytes => pair.TryExportPkcs8PrivateKey(bytes, out var length) ? length : throw new CryptographicException("A private key is too long."));

    public void Dispose() => privateKey.Dispose();
}

/// <summary>Writes a private key in place and gives its length.</summary>
internal delegate int PrivateKeyWriter(Span<byte> bytes);
