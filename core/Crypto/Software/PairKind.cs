using System.Collections.Frozen;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>A kind of key pair that can be made here: how one is generated, and how its DER PKCS#8 becomes a usable one.</summary>
internal sealed record PairKind(Func<GeneratedPair> Generate, PairOpener Open)
{
    private static readonly ECCurve Secp256K1 = ECCurve.CreateFromValue("1.3.132.0.10");

    [SupportedOSPlatform("linux")]
    public static readonly FrozenDictionary<string, PairKind> All = new Dictionary<string, PairKind>(StringComparer.Ordinal)
    {
        ["RSA_2048"] = Rsa(2048),
        ["RSA_3072"] = Rsa(3072),
        ["EC_P256"] = Curve(ECCurve.NamedCurves.nistP256),
        ["EC_P256K"] = Curve(Secp256K1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    [SupportedOSPlatform("linux")]
    private static PairKind Rsa(int bits) => new(
        () =>
        {
            using var rsa = new RSAOpenSsl(bits);
            return GeneratedPair.Of(rsa);
        },
        pkcs8 =>
        {
            using var rsa = new RSAOpenSsl();
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            return new RsaKeyPair(rsa);
        });

    [SupportedOSPlatform("linux")]
    private static PairKind Curve(ECCurve curve) => new(
        () =>
        {
            using var ecdsa = new ECDsaOpenSsl(curve);
            return GeneratedPair.Of(ecdsa);
        },
        pkcs8 =>
        {
            using var ecdsa = new ECDsaOpenSsl();
            ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
            return new EcdsaKeyPair(ecdsa);
        });
}

/// <summary>Makes a usable pair of DER PKCS#8.</summary>
/// <exception cref="CryptographicException">It is none.</exception>
internal delegate IKeyPair PairOpener(ReadOnlySpan<byte> pkcs8);
