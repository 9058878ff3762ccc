using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>SM2 public-key encryption, by BouncyCastle; copies it makes of what it handles cannot be zeroed.</summary>
internal static class Sm2Keys
{
    private const int ScalarBytes = 32;

    /// <summary>A pair: DER SubjectPublicKeyInfo and the scalar, which the caller zeroes.</summary>
    public static (byte[] PublicKey, byte[] Scalar) Generate()
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(GMObjectIdentifiers.sm2p256v1, NewRandom()));
        var pair = generator.GenerateKeyPair();
        var scalar = GC.AllocateArray<byte>(ScalarBytes, pinned: true);
        var number = ((ECPrivateKeyParameters)pair.Private).D.ToByteArrayUnsigned();
        number.CopyTo(scalar, ScalarBytes - number.Length);
        CryptographicOperations.ZeroMemory(number);
        return (SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded(), scalar);
    }

    /// <summary>The message, or null; <paramref name="ciphertext"/> is raw C1 C3 C2 or ASN.1.</summary>
    public static byte[]? TryDecrypt(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> ciphertext) => TryDecrypt(PrivateKeyOf(scalar), ciphertext);

    /// <summary>The same with a key that was read before.</summary>
    public static byte[]? TryDecrypt(ECPrivateKeyParameters key, ReadOnlySpan<byte> ciphertext)
    {
        if (Sm2Ciphertext.TryRead(ciphertext) is not { } parts)
        {
            return null;
        }

        var engine = new SM2Engine();
        engine.Init(false, key);
        var text = parts.ToC1C2C3();
        try
        {
            return engine.ProcessBlock(text, 0, text.Length);
        }
        catch (Exception exception) when (exception is InvalidCipherTextException or ArgumentException or ArithmeticException)
        {
            return null;
        }
    }

    /// <summary>Raw C1 C3 C2, or null when the key is not of this curve.</summary>
    public static byte[]? TryEncrypt(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message)
    {
        if (TryReadPublicKey(publicKey) is not { } key)
        {
            return null;
        }

        var engine = new SM2Engine();
        engine.Init(true, new ParametersWithRandom(key, NewRandom()));
        var copy = message.ToArray();
        try
        {
            return Sm2Ciphertext.OfC1C2C3(engine.ProcessBlock(copy, 0, copy.Length)).ToRaw();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) => TryReadPublicKey(publicKey) is not null;

    public static ECPrivateKeyParameters PrivateKeyOf(ReadOnlySpan<byte> scalar)
    {
        var copy = scalar.ToArray();
        try
        {
            return new ECPrivateKeyParameters("EC", new BigInteger(1, copy), GMObjectIdentifiers.sm2p256v1);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    private static ECPublicKeyParameters? TryReadPublicKey(ReadOnlySpan<byte> publicKey)
    {
        var bytes = publicKey.ToArray();
        try
        {
            return PublicKeyFactory.CreateKey(bytes) is ECPublicKeyParameters key
                && GMObjectIdentifiers.sm2p256v1.Equals(key.PublicKeyParamSet)
                && SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key).GetDerEncoded().AsSpan().SequenceEqual(bytes)
                    ? key
                    : null;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or GeneralSecurityException or InvalidCastException or FormatException or ArithmeticException)
        {
            return null;
        }
    }

    private static SecureRandom NewRandom() => new(new CryptoApiRandomGenerator());
}
