using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>RSA and elliptic curves, every answer checked by .NET.</summary>
internal static class AsymmetricProbes
{
    private const string Sha256Oid = "2.16.840.1.101.3.4.2.1";
    private static readonly byte[] Message = "kms-probe"u8.ToArray();
    private static readonly HashAlgorithmName[] Hashes = [HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512];

    /// <summary>Class, type, protection and use of a private session key.</summary>
    public static CkAttribute[] PrivateTemplate(ulong keyType, bool isExtractable) =>
    [
        CkAttribute.Of(Cka.Class, Cko.PrivateKey),
        CkAttribute.Of(Cka.KeyType, keyType),
        CkAttribute.Of(Cka.Token, false),
        CkAttribute.Of(Cka.Private, true),
        CkAttribute.Of(Cka.Sensitive, true),
        CkAttribute.Of(Cka.Extractable, isExtractable),
        CkAttribute.Of(Cka.Sign, true),
        CkAttribute.Of(Cka.Decrypt, keyType == Ckk.Rsa),
        CkAttribute.Of(Cka.Unwrap, keyType == Ckk.Rsa),
    ];

    public static RsaProbe Rsa(ProbeKeys keys, int bits)
    {
        keys.Pair(
            Ckm.RsaPkcsKeyPairGen,
            [
                CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.ModulusBits, (ulong)bits), CkAttribute.Of(Cka.PublicExponent, new byte[] { 1, 0, 1 }),
                CkAttribute.Of(Cka.Verify, true), CkAttribute.Of(Cka.Encrypt, true),
            ],
            PrivateTemplate(Ckk.Rsa, isExtractable: true),
            out var publicKey, out var privateKey).ThrowIfFailed();
        return new RsaProbe(privateKey, new RSAParameters { Modulus = keys.Read(publicKey, Cka.Modulus), Exponent = keys.Read(publicKey, Cka.PublicExponent) });
    }

    public static EcProbe Ec(ProbeKeys keys, string curveOid)
    {
        keys.Pair(
            Ckm.EcKeyPairGen,
            [CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.EcParameters, TokenFormats.CurveParameters(curveOid)), CkAttribute.Of(Cka.Verify, true)],
            PrivateTemplate(Ckk.Ec, isExtractable: true),
            out var publicKey, out var privateKey).ThrowIfFailed();
        return new EcProbe(privateKey, keys.Read(publicKey, Cka.EcPoint), curveOid);
    }

    public static string? Pkcs1(TokenSession session, RsaProbe key) => Pkcs1(session, key, key.PrivateKey);

    public static string? Pkcs1(TokenSession session, RsaProbe key, ObjectHandle privateKey)
    {
        var signature = Sign(session, Mechanism.Plain(Ckm.RsaPkcs), privateKey, TokenFormats.DigestInfo(Sha256Oid, SHA256.HashData(Message)));
        using var rsa = RSA.Create(key.PublicKey);
        return rsa.VerifyData(Message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? null : ".NET refuses the signature";
    }

    public static string? Pss(TokenSession session, RsaProbe key)
    {
        using var rsa = RSA.Create(key.PublicKey);
        foreach (var hash in Hashes)
        {
            var signature = Sign(session, MechanismMap.Pss(hash), key.PrivateKey, CryptographicOperations.HashData(hash, Message));
            if (!rsa.VerifyData(Message, signature, hash, RSASignaturePadding.Pss))
            {
                return $".NET refuses the {hash} signature";
            }
        }

        return null;
    }

    public static string? OaepDecrypt(TokenSession session, RsaProbe key, HashAlgorithmName hash)
    {
        using var rsa = RSA.Create(key.PublicKey);
        return Decrypts(session, MechanismMap.Oaep(hash), key, rsa.Encrypt(Message, RSAEncryptionPadding.CreateOaep(hash)), Message);
    }

#pragma warning disable S5542 // the vendor's API has this padding too; a token is asked whether it can
    public static string? Pkcs1Decrypt(TokenSession session, RsaProbe key)
    {
        using var rsa = RSA.Create(key.PublicKey);
        return Decrypts(session, Mechanism.Plain(Ckm.RsaPkcs), key, rsa.Encrypt(Message, RSAEncryptionPadding.Pkcs1), Message);
    }
#pragma warning restore S5542

    /// <summary>The padding is .NET's, taken off by nobody: raw RSA must give all of it back. Checked by raising it to the public exponent again.</summary>
    public static string? RawDecrypt(TokenSession session, RsaProbe key)
    {
        var block = new byte[key.PublicKey.Modulus!.Length];
        RandomNumberGenerator.Fill(block.AsSpan(1));
        var encrypted = Modular(block, key.PublicKey);
        return Decrypts(session, Mechanism.Plain(Ckm.RsaX509), key, encrypted, block);
    }

    /// <summary>An AES key wrapped by .NET under the public key, unwrapped in the token and used there.</summary>
    public static string? Unwrap(ProbeKeys keys, RsaProbe key, bool isOaep, HashAlgorithmName hash)
    {
        var value = RandomNumberGenerator.GetBytes(KeyTemplates.AesBytes);
        using var rsa = RSA.Create(key.PublicKey);
        var wrapped = rsa.Encrypt(value, isOaep ? RSAEncryptionPadding.CreateOaep(hash) : RSAEncryptionPadding.Pkcs1);
        var mechanism = isOaep ? MechanismMap.Oaep(hash) : Mechanism.Plain(Ckm.RsaPkcs);
        keys.Session.Unwrap(mechanism, key.PrivateKey, wrapped, KeyTemplates.UnwrappedVersionKey(), out var unwrapped).ThrowIfFailed();
        keys.Keep(unwrapped);
        using var reference = Aes.Create();
        reference.SetKey(value);
        Span<byte> block = stackalloc byte[16];
        keys.Session.Encrypt(Mechanism.Plain(Ckm.AesEcb), unwrapped, "kms-material-fp1"u8, block, out _).ThrowIfFailed();
        return block.SequenceEqual(reference.EncryptEcb("kms-material-fp1"u8, PaddingMode.None)) ? null : "unwraps to another key";
    }

    public static string? Ecdsa(TokenSession session, EcProbe key) => Ecdsa(session, key, key.PrivateKey);

    public static string? Ecdsa(TokenSession session, EcProbe key, ObjectHandle privateKey)
    {
        var signature = Sign(session, Mechanism.Plain(Ckm.Ecdsa), privateKey, SHA256.HashData(Message));
        using var reference = ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue(key.CurveOid), Q = TokenFormats.Point(key.Point) });
        return reference.VerifyData(Message, signature, HashAlgorithmName.SHA256) ? null : ".NET refuses the signature";
    }

    private static byte[] Sign(TokenSession session, in Mechanism mechanism, ObjectHandle key, ReadOnlySpan<byte> data)
    {
        Span<byte> signature = stackalloc byte[1024];
        session.Sign(mechanism, key, data, signature, out var written).ThrowIfFailed();
        return signature[..written].ToArray();
    }

    private static string? Decrypts(TokenSession session, in Mechanism mechanism, RsaProbe key, byte[] encrypted, ReadOnlySpan<byte> expected)
    {
        Span<byte> output = stackalloc byte[1024];
        session.Decrypt(mechanism, key.PrivateKey, encrypted, output, out var written).ThrowIfFailed();
        return output[..written].SequenceEqual(expected) ? null : "decrypts to something else";
    }

    private static byte[] Modular(ReadOnlySpan<byte> block, RSAParameters key)
    {
        static System.Numerics.BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
        var power = System.Numerics.BigInteger.ModPow(Number(block), Number(key.Exponent), Number(key.Modulus));
        var bytes = power.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[key.Modulus!.Length - bytes.Length], .. bytes];
    }
}

/// <summary>A pair in the token and its public half.</summary>
internal sealed record RsaProbe(ObjectHandle PrivateKey, RSAParameters PublicKey);

/// <summary>A pair in the token; <paramref name="Point"/> is its <c>CKA_EC_POINT</c>.</summary>
internal sealed record EcProbe(ObjectHandle PrivateKey, byte[] Point, string CurveOid);
