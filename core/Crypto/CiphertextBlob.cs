using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// What Encrypt answers and Decrypt takes, Base64 (standard alphabet, padded, canonical) of:
/// <code>
/// { version id:36 ASCII | format:1 = 1 | algorithm:1 | check:16 | nonce:24 (algorithm 1) or 12 (3) | ciphertext | tag:16 }
///   0                     36             37            38         54
/// </code>
/// Associated data: <c>{ kms-blob-1 | bytes 0-53 | length:4 | key id | canonical context }</c>.
/// Source: crypto-core.md section 4.
/// </summary>
internal static class CiphertextBlob
{
    public const int VersionIdLength = 36;
    public const int CheckLength = 16;
    public const byte XaesGcmAlgorithm = 1;
    public const byte Sm4GcmAlgorithm = 3;

    /// <summary>Text of the largest message, 8,192 bytes.</summary>
    public const int MaxCharacters = 11_048;

    private const byte Format = 1;
    private const int HeaderLength = VersionIdLength + 2 + CheckLength;
    private const int TagLength = 16;

    /// <summary>Encrypts under <paramref name="handle"/> and gives the Base64 text, as ASCII.</summary>
    public static byte[] Seal(
        ISymmetricKey handle, string keyId, string versionId, ReadOnlySpan<byte> plaintext, EncryptionContext context)
    {
        var length = HeaderLength + handle.NonceLength + plaintext.Length + TagLength;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var associated = new ArrayBufferWriter<byte>(256);
        try
        {
            var blob = rented.AsSpan(0, length);
            WriteHeader(blob, handle, versionId);
            var nonce = blob.Slice(HeaderLength, handle.NonceLength);
            RandomNumberGenerator.Fill(nonce);
            WriteAssociatedData(associated, blob[..HeaderLength], keyId, context);
            var ciphertext = blob.Slice(HeaderLength + nonce.Length, plaintext.Length);
            handle.Encrypt(nonce, plaintext, ciphertext, blob[^TagLength..], associated.WrittenSpan);
            var text = new byte[Base64.GetMaxEncodedToUtf8Length(length)];
            _ = Base64.EncodeToUtf8(blob, text, out _, out _);
            return text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// The bytes behind a Base64 text, or null unless the text is exactly what this service would have written: standard
    /// alphabet, padding, no white space, unused bits zero.
    /// </summary>
    public static byte[]? DecodeStrict(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxCharacters || text.Length % 4 != 0)
        {
            return null;
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, bytes, out var consumed, out var written) != OperationStatus.Done || consumed != text.Length)
        {
            return null;
        }

        var again = new byte[Base64.GetMaxEncodedToUtf8Length(written)];
        _ = Base64.EncodeToUtf8(bytes.AsSpan(0, written), again, out _, out _);
        return again.AsSpan().SequenceEqual(text) ? bytes[..written] : null;
    }

    /// <summary>The key version id at the head, or null when these bytes are not lower-case UUID text.</summary>
    public static string? VersionIdOf(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < VersionIdLength || !Ascii.IsValid(blob[..VersionIdLength]))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(blob[..VersionIdLength]);
        return IsVersionId(text) ? text : null;
    }

    /// <summary>Lower-case UUID text, as every version id is.</summary>
    public static bool IsVersionId(string text) =>
        text.Length == VersionIdLength && Guid.TryParseExact(text, "D", out var id) && id.ToString("D") == text;

    /// <summary>The number of the algorithm that a blob says it was made with; 0 when it is too short to say.</summary>
    public static byte AlgorithmOf(ReadOnlySpan<byte> blob) => blob.Length > VersionIdLength + 1 ? blob[VersionIdLength + 1] : (byte)0;

    /// <summary>
    /// Opens <paramref name="blob"/>. Whatever is wrong with it, the same work is done and the answer is null: a blob that
    /// cannot be right is answered after opening one that cannot either.
    /// </summary>
    public static byte[]? Open(ISymmetricKey handle, string keyId, string versionId, ReadOnlySpan<byte> blob, EncryptionContext context)
    {
        var smallest = HeaderLength + handle.NonceLength + TagLength;
        Span<byte> expected = stackalloc byte[HeaderLength];
        WriteHeader(expected, handle, versionId);
        var header = blob.Length >= smallest ? blob[..HeaderLength] : default;
        var fits = CryptographicOperations.FixedTimeEquals(header, expected);
        var body = blob.Length >= smallest ? blob[HeaderLength..] : new byte[handle.NonceLength + TagLength];

        var associated = new ArrayBufferWriter<byte>(256);
        WriteAssociatedData(associated, expected, keyId, context);
        var plaintext = GC.AllocateUninitializedArray<byte>(body.Length - handle.NonceLength - TagLength, pinned: true);
        var opens = handle.TryDecrypt(
            body[..handle.NonceLength], body[handle.NonceLength..^TagLength], body[^TagLength..], plaintext, associated.WrittenSpan);
        if (fits && opens)
        {
            return plaintext;
        }

        CryptographicOperations.ZeroMemory(plaintext);
        return null;
    }

    private static void WriteHeader(Span<byte> blob, ISymmetricKey handle, string versionId)
    {
        _ = Encoding.ASCII.GetBytes(versionId, blob[..VersionIdLength]);
        blob[VersionIdLength] = Format;
        blob[VersionIdLength + 1] = handle.Algorithm;
        handle.Check.CopyTo(blob[(VersionIdLength + 2)..]);
    }

    private static void WriteAssociatedData(
        ArrayBufferWriter<byte> output, ReadOnlySpan<byte> header, string keyId, EncryptionContext context)
    {
        output.Write("kms-blob-1"u8);
        output.Write(header);
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), keyId.Length);
        output.Advance(sizeof(int));
        output.Advance(Encoding.ASCII.GetBytes(keyId, output.GetSpan(keyId.Length)));
        context.WriteCanonical(output);
    }
}
