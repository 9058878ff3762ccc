using System.Collections.Frozen;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// The key pairs that can be made here. Their material is DER PKCS#8, their F is SHA-256 of the SubjectPublicKeyInfo; between seal and
/// library the private key is in locked memory. Source: crypto-core.md sections 3 and 9.
/// </summary>
internal static class PairSpecs
{
    /// <summary>More than RSA-3072 needs, 1.8 KB.</summary>
    private const int MostBytes = 2048;

    private static readonly ECCurve Secp256K1 = ECCurve.CreateFromValue("1.3.132.0.10");

    public static FrozenDictionary<string, SoftwareSpec> All { get; } =
        (OperatingSystem.IsLinux() ? OnLinux() : new(StringComparer.Ordinal)).ToFrozenDictionary(StringComparer.Ordinal);

    [SupportedOSPlatform("linux")]
    private static Dictionary<string, SoftwareSpec> OnLinux() => new(StringComparer.Ordinal)
    {
        ["RSA_2048"] = Of(() => new RSAOpenSsl(2048), OpenRsa),
        ["RSA_3072"] = Of(() => new RSAOpenSsl(3072), OpenRsa),
        ["EC_P256"] = Of(() => new ECDsaOpenSsl(ECCurve.NamedCurves.nistP256), OpenCurve),
        ["EC_P256K"] = Of(() => new ECDsaOpenSsl(Secp256K1), OpenCurve),
    };

    private static SoftwareSpec Of(Func<AsymmetricAlgorithm> generate, PairOpener open) => new(
        () => Generate(generate),
        (material, fingerprint) =>
        {
            using var pair = open(material.ExposeBytes(SecretAccess.Fingerprint));
            _ = SHA256.HashData(pair.PublicKey.Span, fingerprint);
        },
        (material, _) =>
        {
            // Why: the library holds the key now.
            using (material)
            {
                return open(material.ExposeBytes(SecretAccess.Cipher));
            }
        });

    private static KeyMaterial Generate(Func<AsymmetricAlgorithm> generate)
    {
        using var pair = generate();
        var length = 0;
        using var privateKey = SecretBuffer.Filled(MostBytes, bytes =>
        {
            if (!pair.TryExportPkcs8PrivateKey(bytes, out length))
            {
                throw new CryptographicException("A private key is longer than any should be.");
            }
        });
        return KeyMaterial.From(privateKey.ExposeBytes()[..length]);
    }

    [SupportedOSPlatform("linux")]
    private static RsaKeyPair OpenRsa(ReadOnlySpan<byte> pkcs8)
    {
        using var rsa = new RSAOpenSsl();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return new RsaKeyPair(rsa);
    }

    [SupportedOSPlatform("linux")]
    private static EcdsaKeyPair OpenCurve(ReadOnlySpan<byte> pkcs8)
    {
        using var ecdsa = new ECDsaOpenSsl();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return new EcdsaKeyPair(ecdsa);
    }
}

/// <summary>Makes a usable pair of DER PKCS#8.</summary>
/// <exception cref="CryptographicException">It is none.</exception>
internal delegate IKeyPair PairOpener(ReadOnlySpan<byte> pkcs8);
