using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Authorization;

/// <summary>
/// Seals the inputs of a denial for those who may decode them: AES-256-GCM under a key of the gateway, bound to the account,
/// good for seven days, padded so that its length tells nothing. Source: ram-policy.md 10, decisions.md D6.
/// </summary>
/// <remarks>Layout: <c>{ version:1 | nonce:12 | ciphertext of (expiry:8 | length:4 | text | padding) | tag:16 }</c>, base64.</remarks>
internal sealed class DiagnosticSealer(SecretBuffer key, TimeProvider clock)
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = sizeof(long) + sizeof(int);
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Every sealed text has one of these lengths, header included.</summary>
    private static readonly int[] PaddedLengths = [1024, 4096, 16_384];

    /// <summary>The longest text that is sealed.</summary>
    public static int MaxTextBytes => PaddedLengths[^1] - HeaderBytes;

    /// <summary>Seals <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxTextBytes"/>: half a diagnosis would be none.</exception>
    public string Seal(string account, ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxTextBytes)
        {
            throw new ArgumentException("a diagnosis that is sealed is whole", nameof(text));
        }

        var needed = text.Length + HeaderBytes;
        var padded = new byte[PaddedLengths.First(length => length >= needed)];
        BinaryPrimitives.WriteInt64BigEndian(padded, (clock.GetUtcNow() + Life).ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32BigEndian(padded.AsSpan(sizeof(long)), text.Length);
        text.CopyTo(padded.AsSpan(HeaderBytes));

        var message = new byte[1 + NonceBytes + padded.Length + TagBytes];
        message[0] = Version;
        var nonce = message.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.ExposeBytes(), TagBytes);
        cipher.Encrypt(nonce, padded, message.AsSpan(1 + NonceBytes, padded.Length), message.AsSpan(message.Length - TagBytes), Bound(account));
        return Convert.ToBase64String(message);
    }

    /// <summary>The text, or null: foreign, damaged, expired and garbled are one answer.</summary>
    public byte[]? Open(string account, string message)
    {
        var bytes = new byte[message.Length];
        if (!Convert.TryFromBase64String(message, bytes, out var length)
            || length < 1 + NonceBytes + HeaderBytes + TagBytes || bytes[0] != Version)
        {
            return null;
        }

        var padded = new byte[length - 1 - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(key.ExposeBytes(), TagBytes);
            cipher.Decrypt(
                bytes.AsSpan(1, NonceBytes), bytes.AsSpan(1 + NonceBytes, padded.Length), bytes.AsSpan(length - TagBytes, TagBytes), padded, Bound(account));
        }
        catch (CryptographicException)
        {
            return null;
        }

        var isExpired = BinaryPrimitives.ReadInt64BigEndian(padded) < clock.GetUtcNow().ToUnixTimeSeconds();
        var textLength = BinaryPrimitives.ReadInt32BigEndian(padded.AsSpan(sizeof(long)));
        return isExpired ? null : padded[HeaderBytes..(HeaderBytes + textLength)];
    }

    private static byte[] Bound(string account) => Encoding.UTF8.GetBytes($"kmsgateway-diagnosis-1:{account}");
}
