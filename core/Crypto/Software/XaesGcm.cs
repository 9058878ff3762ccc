using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// XAES-256-GCM: a subkey from the key and the first half of a 24-byte nonce, then AES-256-GCM with the second half.
/// Source: c2sp.org/XAES-256-GCM. For one thread at a time.
/// </summary>
internal sealed class XaesGcm : IDisposable
{
    public const int KeyLength = 32;
    public const int NonceLength = 24;
    public const int TagLength = 16;

    private const int BlockLength = 16;
    private const int HalfNonce = 12;

    private readonly Aes aes = Aes.Create();
    private readonly UInt128 cmacSubkey;

    public XaesGcm(ReadOnlySpan<byte> key)
    {
        Debug.Assert(key.Length == KeyLength, "callers pass 32 bytes");
        aes.SetKey(key);
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        _ = aes.EncryptEcb(block, block, PaddingMode.None);
        var left = BinaryPrimitives.ReadUInt128BigEndian(block);
        // Why: no branch on a secret bit; the mask is all ones or zero.
        var reduction = (UInt128)(0x87 & -(int)(left >> 127));
        cmacSubkey = unchecked(left << 1) ^ reduction;
        CryptographicOperations.ZeroMemory(block);
    }

    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        Span<byte> subkey = stackalloc byte[KeyLength];
        DeriveSubkey(nonce, subkey);
        using var gcm = new AesGcm(subkey, TagLength);
        CryptographicOperations.ZeroMemory(subkey);
        gcm.Encrypt(nonce[HalfNonce..], plaintext, ciphertext, tag, associatedData);
    }

    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        Span<byte> subkey = stackalloc byte[KeyLength];
        DeriveSubkey(nonce, subkey);
        using var gcm = new AesGcm(subkey, TagLength);
        CryptographicOperations.ZeroMemory(subkey);
        try
        {
            gcm.Decrypt(nonce[HalfNonce..], ciphertext, tag, plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => aes.Dispose();

    /// <summary>Kx = AES(M1 xor K1) | AES(M2 xor K1), M = <c>{ 0 | counter | 'X' | 0 | nonce[0..12] }</c>.</summary>
    internal void DeriveSubkey(ReadOnlySpan<byte> nonce, Span<byte> subkey)
    {
        Debug.Assert(nonce.Length == NonceLength, "callers pass 24 bytes");
        Span<byte> blocks = stackalloc byte[2 * BlockLength];
        for (var counter = 1; counter <= 2; counter++)
        {
            var block = blocks.Slice((counter - 1) * BlockLength, BlockLength);
            block[0] = 0;
            block[1] = (byte)counter;
            block[2] = (byte)'X';
            block[3] = 0;
            nonce[..HalfNonce].CopyTo(block[4..]);
            BinaryPrimitives.WriteUInt128BigEndian(block, BinaryPrimitives.ReadUInt128BigEndian(block) ^ cmacSubkey);
        }

        _ = aes.EncryptEcb(blocks, subkey, PaddingMode.None);
    }
}
