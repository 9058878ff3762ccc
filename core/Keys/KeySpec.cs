using System.Collections.Frozen;

namespace KmsGateway.Core.Keys;

/// <summary>A key type and what it may be used for. Source: kms-api.md section 6.</summary>
internal sealed record KeySpec(string Name, bool IsSymmetric, string DefaultUsage, params IReadOnlyList<string> Usages)
{
    /// <summary>Length of imported material; 0 where none is imported.</summary>
    public int MaterialBytes { get; init; }

    public static readonly KeySpec Aes256 = new("Aliyun_AES_256", true, KeyUsages.EncryptDecrypt, KeyUsages.EncryptDecrypt) { MaterialBytes = 32 };

    /// <summary>Every type the API knows; which of them can be made is the provider's to say.</summary>
    public static readonly FrozenDictionary<string, KeySpec> All = new[]
    {
        Aes256,
        new KeySpec("Aliyun_SM4", true, KeyUsages.EncryptDecrypt, KeyUsages.EncryptDecrypt) { MaterialBytes = 16 },
        new KeySpec("RSA_2048", false, KeyUsages.EncryptDecrypt, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify),
        new KeySpec("RSA_3072", false, KeyUsages.EncryptDecrypt, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify),
        new KeySpec("EC_P256", false, KeyUsages.SignVerify, KeyUsages.SignVerify),
        new KeySpec("EC_P256K", false, KeyUsages.SignVerify, KeyUsages.SignVerify),
        new KeySpec("EC_SM2", false, KeyUsages.EncryptDecrypt, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify),
    }.ToFrozenDictionary(spec => spec.Name, StringComparer.Ordinal);
}

internal static class KeyUsages
{
    public const string EncryptDecrypt = "ENCRYPT/DECRYPT";
    public const string SignVerify = "SIGN/VERIFY";
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
