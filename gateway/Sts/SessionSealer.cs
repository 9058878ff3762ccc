using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Sts;

/// <summary>One key that tokens are sealed with.</summary>
/// <param name="Version">From 1; new tokens use the highest.</param>
/// <param name="Key">32 bytes.</param>
internal sealed record SessionKey(ushort Version, SecretBuffer Key);

/// <summary>
/// Security tokens: AES-256-GCM, base64 of <c>{ format:1 = 1 | keyVersion:2 | nonce:12 | ciphertext | tag:16 }</c>; what stands
/// before the nonce is authenticated with it. Nonces are random: at most 2^32 tokens per key keep their chance of meeting
/// below 2^-32, and keys are changed long before (<see cref="SessionKeyStore"/>).
/// </summary>
internal sealed class SessionSealer(IReadOnlyCollection<SessionKey> keys)
{
    private const byte Format = 1;
    private const int HeadBytes = 1 + sizeof(ushort);
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Overhead = HeadBytes + NonceBytes + TagBytes;

    /// <summary>What fits into a token of <see cref="WireLimits.MaxSecurityTokenLength"/> characters.</summary>
    private const int MaxPlaintext = (WireLimits.MaxSecurityTokenLength / 4 * 3) - Overhead;

    private readonly FrozenDictionary<ushort, SecretBuffer> byVersion = keys.ToFrozenDictionary(key => key.Version, key => key.Key);
    private readonly SessionKey newest = keys.MaxBy(key => key.Version) ?? throw new ArgumentException("there is at least one key", nameof(keys));

    /// <summary>The token; null when the contents are larger than a token may be.</summary>
    public string? Seal(SessionContents contents)
    {
        var plaintext = new byte[MaxPlaintext];
        try
        {
            return SessionWriter.TryWrite(contents, plaintext, out var length) ? Seal(plaintext.AsSpan(0, length)) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>False when the token's head names a key that is not among these; what has no such head is known to be none.</summary>
    public bool Knows(string token)
    {
        // Why four characters: they are the head, three bytes.
        Span<byte> head = stackalloc byte[HeadBytes];
        return token.Length < Overhead
            || !Convert.TryFromBase64Chars(token.AsSpan(0, 4), head, out var length)
            || length != HeadBytes
            || head[0] != Format
            || byVersion.ContainsKey(BinaryPrimitives.ReadUInt16BigEndian(head[1..]));
    }

    /// <summary>The contents; null for whatever was not issued here or is damaged, no telling which.</summary>
    public SessionContents? Open(string token)
    {
        var bytes = new byte[(token.Length / 4 * 3) + 3];
        if (token.Length > WireLimits.MaxSecurityTokenLength
            || !Convert.TryFromBase64String(token, bytes, out var length)
            || length < Overhead
            || !IsCanonical(token, bytes.AsSpan(0, length))
            || bytes[0] != Format
            || !byVersion.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(1)), out var key))
        {
            return null;
        }

        var plaintext = new byte[length - Overhead];
        try
        {
            using var cipher = new AesGcm(key.ExposeBytes(), TagBytes);
            cipher.Decrypt(
                bytes.AsSpan(HeadBytes, NonceBytes),
                bytes.AsSpan(HeadBytes + NonceBytes, plaintext.Length),
                bytes.AsSpan(length - TagBytes, TagBytes),
                plaintext,
                bytes.AsSpan(0, HeadBytes));
            return SessionReader.Read(plaintext);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private string Seal(ReadOnlySpan<byte> plaintext)
    {
        var token = new byte[Overhead + plaintext.Length];
        token[0] = Format;
        BinaryPrimitives.WriteUInt16BigEndian(token.AsSpan(1), newest.Version);
        var nonce = token.AsSpan(HeadBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(newest.Key.ExposeBytes(), TagBytes);
        cipher.Encrypt(
            nonce, plaintext, token.AsSpan(HeadBytes + NonceBytes, plaintext.Length), token.AsSpan(token.Length - TagBytes), token.AsSpan(0, HeadBytes));
        return Convert.ToBase64String(token);
    }

    // Why: the decoder passes over white space and stray bits, and one session should have one token.
    private static bool IsCanonical(string token, ReadOnlySpan<byte> bytes) =>
        string.Equals(Convert.ToBase64String(bytes), token, StringComparison.Ordinal);
}
