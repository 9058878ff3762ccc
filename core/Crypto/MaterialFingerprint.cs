using System.Security.Cryptography;
using System.Text;

namespace KmsGateway.Core.Crypto;

/// <summary>Computes <c>F</c> of one kind of material.</summary>
internal delegate void FingerprintFunction(KeyMaterial material, Span<byte> fingerprint);

/// <summary>
/// <c>F</c>: for a block cipher two ECB blocks under the key, of two fixed texts. It tells two materials apart without giving
/// either away, and is the same wherever the key is. Never stored in clear. Source: crypto-core.md section 3.
/// </summary>
internal static class MaterialFingerprint
{
    public const int Length = 32;

    public static ReadOnlySpan<byte> Blocks => "kms-material-fp1kms-material-fp2"u8;

    public static void OfAes(KeyMaterial material, Span<byte> fingerprint)
    {
        using var aes = Aes.Create();
        aes.SetKey(material.ExposeBytes(SecretAccess.Fingerprint));
        _ = aes.EncryptEcb(Blocks, fingerprint, PaddingMode.None);
    }

    /// <summary>What ties a ciphertext to the material: the first 16 bytes of SHA-256(<c>kms-check-1</c> | F | version id).</summary>
    public static byte[] Check(KeyMaterial material, FingerprintFunction compute, string versionId)
    {
        Span<byte> fingerprint = stackalloc byte[Length];
        compute(material, fingerprint);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("kms-check-1"u8);
        hash.AppendData(fingerprint);
        hash.AppendData(Encoding.ASCII.GetBytes(versionId));
        CryptographicOperations.ZeroMemory(fingerprint);
        return hash.GetHashAndReset()[..CiphertextBlob.CheckLength];
    }
}
