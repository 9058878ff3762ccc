using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// Sealed records: <c>{ format:1 = 1 | nonce:12 | ciphertext | tag:16 }</c>, AES-256-GCM under the seal key of an epoch, which
/// is HKDF-SHA-256(root.key, <c>kms-seal-key-1:epoch</c>). Source: crypto-core.md section 3, software mode.
/// </summary>
internal sealed class Sealing : IDisposable
{
    /// <summary>The first, and so far only, epoch.</summary>
    public const int FirstEpoch = 1;

    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = 1 + NonceLength + TagLength;

    private readonly KeyMaterial root;

    public Sealing(KeyMaterial root) => this.root = root;

    private static ReadOnlySpan<byte> CanaryText => "kms-root-canary-kms-root-canary!"u8;

    public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> associatedData, int epoch)
    {
        var sealedRecord = new byte[Overhead + secret.Length];
        sealedRecord[0] = Format;
        var nonce = sealedRecord.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var key = SealKey(epoch);
        using var cipher = new AesGcm(key.ExposeBytes(SecretAccess.Cipher), TagLength);
        cipher.Encrypt(
            nonce,
            secret,
            sealedRecord.AsSpan(1 + NonceLength, secret.Length),
            sealedRecord.AsSpan(1 + NonceLength + secret.Length),
            associatedData);
        return sealedRecord;
    }

    /// <summary>Length of the secret inside, or -1 when this cannot be a sealed record.</summary>
    public static int SecretLength(ReadOnlySpan<byte> sealedRecord) =>
        sealedRecord.Length > Overhead && sealedRecord[0] == Format ? sealedRecord.Length - Overhead : -1;

    /// <summary>Opens a record into <paramref name="secret"/>, which is zeroed when that fails.</summary>
    public bool TryOpen(ReadOnlySpan<byte> sealedRecord, ReadOnlySpan<byte> associatedData, int epoch, Span<byte> secret)
    {
        if (SecretLength(sealedRecord) != secret.Length)
        {
            return false;
        }

        using var key = SealKey(epoch);
        using var cipher = new AesGcm(key.ExposeBytes(SecretAccess.Cipher), TagLength);
        try
        {
            cipher.Decrypt(
                sealedRecord.Slice(1, NonceLength),
                sealedRecord.Slice(1 + NonceLength, secret.Length),
                sealedRecord[^TagLength..],
                secret,
                associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>A record by which a later start knows the same root key.</summary>
    public byte[] MakeCanary(int epoch) => Seal(CanaryText, CanaryData(epoch), epoch);

    public bool OpensCanary(ReadOnlySpan<byte> canary, int epoch)
    {
        Span<byte> text = stackalloc byte[CanaryText.Length];
        return TryOpen(canary, CanaryData(epoch), epoch, text) && CryptographicOperations.FixedTimeEquals(text, CanaryText);
    }

    public void Dispose() => root.Dispose();

    private static byte[] CanaryData(int epoch) => [.. "kms-canary-1:"u8, .. BitConverter.GetBytes(epoch)];

    private KeyMaterial SealKey(int epoch) => root.Derive(32, [.. "kms-seal-key-1:"u8, .. BitConverter.GetBytes(epoch)]);
}
