using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace KmsGateway.Core.Certificates;

/// <summary>
/// The keys of issuers and the signatures they make: RSA of 2,048 to 4,096 bits, and named curves of the list; a key is held against
/// the list before a library sees it. SHA-1 and MD5 sign nothing. Source: issue 6, point 4.
/// </summary>
internal static class IssuerKeys
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string CurveOid = "1.2.840.10045.2.1";
    private const int FewestBits = 2048;
    private const int MostBits = 4096;
    private const int MostExponentBytes = 4;

    /// <summary>Bytes of a coordinate, by the curve's name.</summary>
    private static readonly FrozenDictionary<string, int> Curves = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["1.2.840.10045.3.1.7"] = 32,
        ["1.3.132.0.10"] = 32,
        ["1.3.132.0.34"] = 48,
        ["1.3.132.0.35"] = 66,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Scheme> Schemes = new Dictionary<string, Scheme>(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.11"] = new("SHA256withRSA", RsaOid, HashAlgorithmName.SHA256),
        ["1.2.840.113549.1.1.12"] = new("SHA384withRSA", RsaOid, HashAlgorithmName.SHA384),
        ["1.2.840.113549.1.1.13"] = new("SHA512withRSA", RsaOid, HashAlgorithmName.SHA512),
        ["1.2.840.10045.4.3.2"] = new("SHA256withECDSA", CurveOid, HashAlgorithmName.SHA256),
        ["1.2.840.10045.4.3.3"] = new("SHA384withECDSA", CurveOid, HashAlgorithmName.SHA384),
        ["1.2.840.10045.4.3.4"] = new("SHA512withECDSA", CurveOid, HashAlgorithmName.SHA512),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Name of a signature algorithm; null for one that is not on the list.</summary>
    public static string? NameOf(string signatureOid) => Schemes.GetValueOrDefault(signatureOid)?.Name;

    /// <summary>Whether a DER SubjectPublicKeyInfo is one of the kinds and sizes that are taken.</summary>
    public static bool IsListed(byte[] publicKey) => KindOf(publicKey) is not null;

    /// <summary>Whether the holder of <paramref name="publicKey"/>, which is listed, signed the certificate.</summary>
    public static bool Signed(byte[] publicKey, CertificateFields certificate)
    {
        if (!Schemes.TryGetValue(certificate.SignatureOid, out var scheme) || KindOf(publicKey) != scheme.Kind)
        {
            return false;
        }

        try
        {
            return scheme.Kind == RsaOid ? SignedByRsa(publicKey, certificate, scheme.Hash) : SignedByCurve(publicKey, certificate, scheme.Hash);
        }
        catch (CryptographicException)
        {
            // Why: a point that is on no curve is a key that signed nothing.
            return false;
        }
    }

    private static bool SignedByRsa(byte[] publicKey, CertificateFields certificate, HashAlgorithmName hash)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.VerifyData(certificate.Signed, certificate.Signature, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool SignedByCurve(byte[] publicKey, CertificateFields certificate, HashAlgorithmName hash)
    {
        using var curve = ECDsa.Create();
        curve.ImportSubjectPublicKeyInfo(publicKey, out _);
        return curve.VerifyData(certificate.Signed, certificate.Signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static string? KindOf(byte[] publicKey)
    {
        try
        {
            var outer = new AsnReader(publicKey, AsnEncodingRules.DER);
            var info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var algorithm = info.ReadSequence();
            var key = info.ReadBitString(out var unused);
            info.ThrowIfNotEmpty();
            var kind = algorithm.ReadObjectIdentifier();
            var isListed = unused == 0 && kind switch
            {
                RsaOid => IsRsa(algorithm, key),
                CurveOid => IsPoint(algorithm, key),
                _ => false,
            };
            return isListed ? kind : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static bool IsRsa(AsnReader algorithm, byte[] key)
    {
        algorithm.ReadNull();
        algorithm.ThrowIfNotEmpty();
        var outer = new AsnReader(key, AsnEncodingRules.DER);
        var numbers = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var (modulus, exponent) = (numbers.ReadInteger(), numbers.ReadInteger());
        numbers.ThrowIfNotEmpty();
        return modulus.Sign > 0 && !modulus.IsEven && modulus.GetBitLength() is >= FewestBits and <= MostBits
            && exponent > 1 && !exponent.IsEven && exponent.GetByteCount(isUnsigned: true) <= MostExponentBytes;
    }

    private static bool IsPoint(AsnReader algorithm, byte[] key)
    {
        var curve = algorithm.ReadObjectIdentifier();
        algorithm.ThrowIfNotEmpty();
        return Curves.TryGetValue(curve, out var bytes) && key.Length == 1 + (2 * bytes) && key[0] == 4;
    }

    private sealed record Scheme(string Name, string Kind, HashAlgorithmName Hash);
}
