using System.Collections.Frozen;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.KeyPairs;

/// <summary>What a key pair is used for and how. Source: kms-api.md section 6.</summary>
/// <param name="Name">As the API spells it.</param>
/// <param name="Usage">What a key must be for.</param>
/// <param name="InputBytes">Key specs it fits; for signatures the length of the digest, for encryption the longest plaintext.</param>
internal sealed record PairAlgorithm(string Name, string Usage, params (string Spec, int Bytes)[] InputBytes)
{
    private const int DigestBytes = 32;

    /// <summary>MGF1 over SHA-256, salt of 32 bytes.</summary>
    public static readonly PairAlgorithm RsaPss =
        new("RSA_PSS_SHA_256", KeyUsages.SignVerify, ("RSA_2048", DigestBytes), ("RSA_3072", DigestBytes));

    public static readonly PairAlgorithm RsaPkcs1 =
        new("RSA_PKCS1_SHA_256", KeyUsages.SignVerify, ("RSA_2048", DigestBytes), ("RSA_3072", DigestBytes));

    /// <summary>Signatures are DER: SEQUENCE of r and s.</summary>
    public static readonly PairAlgorithm Ecdsa =
        new("ECDSA_SHA_256", KeyUsages.SignVerify, ("EC_P256", DigestBytes), ("EC_P256K", DigestBytes));

    /// <summary>The digest is SM3(ZA | message), made by the caller; signatures are DER.</summary>
    public static readonly PairAlgorithm Sm2Dsa = new("SM2DSA", KeyUsages.SignVerify, ("EC_SM2", DigestBytes));

    public static readonly PairAlgorithm OaepSha256 =
        new("RSAES_OAEP_SHA_256", KeyUsages.EncryptDecrypt, ("RSA_2048", 190), ("RSA_3072", 318));

    public static readonly PairAlgorithm OaepSha1 =
        new("RSAES_OAEP_SHA_1", KeyUsages.EncryptDecrypt, ("RSA_2048", 214), ("RSA_3072", 342));

    /// <summary>Ciphertexts are raw C1 C3 C2; ASN.1 is taken too.</summary>
    public static readonly PairAlgorithm Sm2Pke = new("SM2PKE", KeyUsages.EncryptDecrypt, ("EC_SM2", 6047));

    public static readonly FrozenDictionary<string, PairAlgorithm> All =
        new[] { RsaPss, RsaPkcs1, Ecdsa, Sm2Dsa, OaepSha256, OaepSha1, Sm2Pke }
            .ToFrozenDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    /// <summary>Null when a key of that spec cannot be used this way.</summary>
    public int? InputBytesOf(string keySpec)
    {
        foreach (var (spec, bytes) in InputBytes)
        {
            if (spec == keySpec)
            {
                return bytes;
            }
        }

        return null;
    }
}
