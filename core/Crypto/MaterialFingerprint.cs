using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// <c>F</c>: two ECB blocks under the key, of two fixed texts. It tells two materials apart without giving either away, and
/// is the same wherever the key is. Never stored in clear. Source: crypto-core.md section 3.
/// </summary>
internal static class MaterialFingerprint
{
    public const int Length = 32;

    private static ReadOnlySpan<byte> Blocks => "kms-material-fp1kms-material-fp2"u8;

    public static void Compute(KeyMaterial material, Span<byte> fingerprint)
    {
        using var aes = Aes.Create();
        aes.SetKey(material.ExposeBytes(SecretAccess.Fingerprint));
        _ = aes.EncryptEcb(Blocks, fingerprint, PaddingMode.None);
    }
}
