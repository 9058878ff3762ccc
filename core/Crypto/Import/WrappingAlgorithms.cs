using System.Collections.Frozen;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>How bytes are wrapped by a public key, on their way in or out. Source: kms-api.md sections 6 and 8.</summary>
internal static class WrappingAlgorithms
{
    public const string Pkcs1 = "RSAES_PKCS1_V1_5";
    public const string OaepSha1 = "RSAES_OAEP_SHA_1";
    public const string OaepSha256 = "RSAES_OAEP_SHA_256";
    public const string Sm2 = "SM2PKE";

    public const string Rsa2048 = "RSA_2048";
    public const string EcSm2 = "EC_SM2";

    private static readonly FrozenDictionary<string, string> KeySpecs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Pkcs1] = Rsa2048,
        [OaepSha1] = Rsa2048,
        [OaepSha256] = Rsa2048,
        [Sm2] = EcSm2,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a key of that spec can be used that way.</summary>
    public static bool Fits(string algorithm, string keySpec) => KeySpecs.GetValueOrDefault(algorithm) == keySpec;
}
