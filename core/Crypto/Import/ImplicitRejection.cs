using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// RSAES-PKCS1-v1_5 decryption that has no failure to watch: bad padding gives bytes that depend on key and ciphertext alone and
/// look like a message of some other length. Source: draft-irtf-cfrg-rsa-guidance; crypto-core.md section 8.
/// </summary>
internal static class ImplicitRejection
{
    private const int ShortestPadding = 8;
    private const int LengthCandidates = 128;

    /// <summary>The message, or what stands for one; null only when <paramref name="wrapped"/> is no number below the modulus.</summary>
    public static byte[]? TryDecrypt(ReadOnlySpan<byte> pkcs8, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length > RawRsa.MaxModulusBytes)
        {
            return null;
        }

        Span<byte> padded = stackalloc byte[wrapped.Length];
        Span<byte> secret = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> derivation = stackalloc byte[HMACSHA256.HashSizeInBytes];
        try
        {
            if (!RawRsa.TryDecrypt(pkcs8, wrapped, padded))
            {
                return null;
            }

            // Why not the exponent, as the draft has it: anything that only the holder of this key knows does as well.
            _ = SHA256.HashData(pkcs8, secret);
            _ = HMACSHA256.HashData(secret, wrapped, derivation);
            return Decode(padded, derivation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(derivation);
        }
    }

    /// <summary>Takes <c>{ 0 | 2 | at least 8 bytes, none 0 | 0 | message }</c> apart; no branch on a secret but the length of the result.</summary>
    internal static byte[] Decode(ReadOnlySpan<byte> padded, ReadOnlySpan<byte> derivation)
    {
        var synthetic = new byte[padded.Length];
        Derive(derivation, "message"u8, synthetic);
        var good = IsZero(padded[0]) & IsZero(padded[1] ^ 2);
        int separator = 0, found = 0;
        for (var index = 2; index < padded.Length; index++)
        {
            var isZero = IsZero(padded[index]);
            separator = Select(isZero & ~found, index, separator);
            found |= isZero;
        }

        good &= found & ~IsLess(separator, 2 + ShortestPadding);
        var start = Select(good, separator + 1, padded.Length - SyntheticLength(derivation, padded.Length));
        var message = new byte[padded.Length - start];
        for (var index = 0; index < message.Length; index++)
        {
            message[index] = (byte)Select(good, padded[start + index], synthetic[start + index]);
        }

        CryptographicOperations.ZeroMemory(synthetic);
        return message;
    }

    private static int SyntheticLength(ReadOnlySpan<byte> derivation, int paddedLength)
    {
        Span<byte> candidates = stackalloc byte[LengthCandidates * sizeof(ushort)];
        Derive(derivation, "length"u8, candidates);
        var limit = paddedLength - 2 - ShortestPadding;
        var mask = (int)BitOperationsMask((uint)limit);
        var length = 0;
        for (var index = 0; index < LengthCandidates; index++)
        {
            var candidate = BinaryPrimitives.ReadUInt16BigEndian(candidates[(index * sizeof(ushort))..]) & mask;
            length = Select(IsLess(candidate, limit), candidate, length);
        }

        return length;
    }

    /// <summary>HMAC-SHA-256 over <c>{ counter:2 | label | length in bits:2 }</c>, block after block.</summary>
    private static void Derive(ReadOnlySpan<byte> derivation, ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> input = stackalloc byte[sizeof(ushort) + label.Length + sizeof(ushort)];
        Span<byte> block = stackalloc byte[HMACSHA256.HashSizeInBytes];
        label.CopyTo(input[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(input[^sizeof(ushort)..], (ushort)(output.Length * 8));
        for (var (done, counter) = (0, 0); done < output.Length; done += block.Length, counter++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(input, (ushort)counter);
            _ = HMACSHA256.HashData(derivation, input, block);
            block[..Math.Min(block.Length, output.Length - done)].CopyTo(output[done..]);
        }

        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>Ones up to the highest bit of <paramref name="value"/>; the modulus is no secret.</summary>
    private static uint BitOperationsMask(uint value) => uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(value);

    /// <summary>All ones when <paramref name="value"/>, 0 to 255, is zero, else 0.</summary>
    private static int IsZero(int value) => unchecked((value - 1) >> 31);

    /// <summary>All ones when left is less, else 0; neither is negative.</summary>
    private static int IsLess(int left, int right) => unchecked((left - right) >> 31);

    private static int Select(int mask, int whenOnes, int whenZero) => (mask & whenOnes) | (~mask & whenZero);
}
