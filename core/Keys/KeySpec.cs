using System.Collections.Frozen;

namespace KmsGateway.Core.Keys;

/// <summary>What calls a key takes.</summary>
internal enum KeyKind
{
    None = 0,

    /// <summary>One secret that encrypts; it has a primary version and can rotate.</summary>
    Symmetric,

    /// <summary>One secret that authenticates; it has one version for ever, for a code names none.</summary>
    Mac,

    /// <summary>A private and a public half; callers name the version, none is primary.</summary>
    Pair,
}

/// <summary>A key type and what it may be used for. Source: kms-api.md section 6.</summary>
/// <param name="Name">As callers write it.</param>
/// <param name="Kind">What calls it takes.</param>
/// <param name="MaterialBytes">Length of its secret, generated or imported; 0 for key pairs, whose encoding varies.</param>
/// <param name="Usages">What a key may be made for, the default first.</param>
internal sealed record KeySpec(string Name, KeyKind Kind, int MaterialBytes, params IReadOnlyList<string> Usages)
{
    public static readonly KeySpec Aes256 = new("Aliyun_AES_256", KeyKind.Symmetric, 32, KeyUsages.EncryptDecrypt);

    public static readonly KeySpec Sm4 = new("Aliyun_SM4", KeyKind.Symmetric, 16, KeyUsages.EncryptDecrypt);

    /// <summary>Every type the API knows; which of them can be made is the provider's to say.</summary>
    public static readonly FrozenDictionary<string, KeySpec> All = new[]
    {
        Aes256,
        Sm4,
        new KeySpec("RSA_2048", KeyKind.Pair, 0, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify),
        new KeySpec("RSA_3072", KeyKind.Pair, 0, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify),
        new KeySpec("EC_P256", KeyKind.Pair, 0, KeyUsages.SignVerify),
        new KeySpec("EC_P256K", KeyKind.Pair, 0, KeyUsages.SignVerify),
        new KeySpec("EC_SM2", KeyKind.Pair, 0, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify),
        new KeySpec("HMAC_SM3", KeyKind.Mac, 32, KeyUsages.GenerateVerifyMac),
        new KeySpec("HMAC_SHA_224", KeyKind.Mac, 28, KeyUsages.GenerateVerifyMac),
        new KeySpec("HMAC_SHA_256", KeyKind.Mac, 32, KeyUsages.GenerateVerifyMac),
        new KeySpec("HMAC_SHA_384", KeyKind.Mac, 48, KeyUsages.GenerateVerifyMac),
        new KeySpec("HMAC_SHA_512", KeyKind.Mac, 64, KeyUsages.GenerateVerifyMac),
    }.ToFrozenDictionary(spec => spec.Name, StringComparer.Ordinal);

    /// <summary>Names of the key pairs, whose versions have a quota of their own.</summary>
    public static IReadOnlyList<string> Pairs { get; } = [.. All.Values.Where(spec => spec.IsPair).Select(spec => spec.Name)];

    public string DefaultUsage => Usages[0];

    public bool IsSymmetric => Kind == KeyKind.Symmetric;

    public bool IsPair => Kind == KeyKind.Pair;

    /// <summary>Whether generating one takes a processor for up to seconds: RSA, whose primes are searched for.</summary>
    public bool IsSlowToMake => Name.StartsWith("RSA_", StringComparison.Ordinal);

    /// <summary>Whether callers may bring the material (kms-api.md section 8).</summary>
    public bool IsImportable => IsSymmetric;
}

internal static class KeyUsages
{
    public const string EncryptDecrypt = "ENCRYPT/DECRYPT";
    public const string SignVerify = "SIGN/VERIFY";
    public const string GenerateVerifyMac = "GENERATE/VERIFY_MAC";
}

internal static class ProtectionLevels
{
    public const string Software = "SOFTWARE";
    public const string Hsm = "HSM";
}

internal static class Origins
{
    public const string Kms = "Aliyun_KMS";
    public const string External = "EXTERNAL";
}
