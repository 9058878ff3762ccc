using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// SM4-GCM (RFC 8998) by BouncyCastle, which holds the key for the span of one call; copies that it makes cannot be zeroed and
/// stay until they are collected. Source: crypto-core.md sections 7 and 9.
/// </summary>
internal static class Sm4Gcm
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    private const int BlockLength = 16;

    public static void Encrypt(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertext,
        Span<byte> tag,
        ReadOnlySpan<byte> associatedData)
    {
        var input = Pinned(plaintext.Length);
        plaintext.CopyTo(input);
        try
        {
            var output = new byte[plaintext.Length + TagLength];
            _ = Run(forEncryption: true, key, nonce, input, output, associatedData);
            output.AsSpan(0, plaintext.Length).CopyTo(ciphertext);
            output.AsSpan(plaintext.Length).CopyTo(tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    /// <summary>False, and a zeroed plaintext, when the tag does not fit.</summary>
    public static bool TryDecrypt(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> plaintext,
        ReadOnlySpan<byte> associatedData)
    {
        var output = Pinned(ciphertext.Length);
        try
        {
            var opens = Run(forEncryption: false, key, nonce, [.. ciphertext, .. tag], output, associatedData);
            plaintext.Clear();
            if (opens)
            {
                output.CopyTo(plaintext);
            }

            return opens;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
        }
    }

    /// <summary>F of SM4 material: the two blocks under the key.</summary>
    public static void Fingerprint(KeyMaterial material, Span<byte> fingerprint)
    {
        var key = Copy(material.ExposeBytes(SecretAccess.Fingerprint));
        var blocks = MaterialFingerprint.Blocks.ToArray();
        var output = Pinned(MaterialFingerprint.Length);
        try
        {
            var engine = new SM4Engine();
            engine.Init(true, new KeyParameter(key));
            for (var offset = 0; offset < output.Length; offset += BlockLength)
            {
                _ = engine.ProcessBlock(blocks, offset, output, offset);
            }

            output.CopyTo(fingerprint);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(output);
        }
    }

    private static bool Run(
        bool forEncryption, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, byte[] input, byte[] output, ReadOnlySpan<byte> associatedData)
    {
        var copy = Copy(key);
        try
        {
            var cipher = new GcmBlockCipher(new SM4Engine());
            // Why copies: BouncyCastle keeps the array of the nonce and compares it with the next.
            cipher.Init(forEncryption, new AeadParameters(new KeyParameter(copy), 8 * TagLength, nonce.ToArray(), associatedData.ToArray()));
            var length = cipher.ProcessBytes(input, 0, input.Length, output, 0);
            _ = cipher.DoFinal(output, length);
            return true;
        }
        catch (InvalidCipherTextException) when (!forEncryption)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    private static byte[] Copy(ReadOnlySpan<byte> secret)
    {
        var copy = Pinned(secret.Length);
        secret.CopyTo(copy);
        return copy;
    }

    private static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);
}
