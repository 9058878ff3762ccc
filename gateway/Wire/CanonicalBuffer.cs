using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace KmsGateway.Gateway.Wire;

/// <summary>
/// A growing buffer of UTF-8 bytes out of the shared pool, in which canonical strings are built. It is cleared when given
/// back: what it held may contain a security token.
/// </summary>
internal sealed class CanonicalBuffer : IDisposable
{
    private const int InitialBytes = 2048;

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        length += utf8.Length;
    }

    public void Append(byte octet)
    {
        Reserve(1)[0] = octet;
        length++;
    }

    /// <summary>Appends text of which the caller knows that it is ASCII.</summary>
    public void AppendAscii(ReadOnlySpan<char> ascii)
    {
        if (!ascii.IsEmpty)
        {
            length += Encoding.Latin1.GetBytes(ascii, Reserve(ascii.Length));
        }
    }

    public void AppendUtf8(ReadOnlySpan<char> text)
    {
        var room = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        length += Encoding.UTF8.GetBytes(text, room);
    }

    /// <summary>Two upper-case hex digits.</summary>
    public void AppendHex(byte octet)
    {
        var room = Reserve(2);
        room[0] = Digit(octet >> 4);
        room[1] = Digit(octet & 0xF);
        length += 2;

        static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
    }

    /// <summary>Lower-case hex of all bytes.</summary>
    public void AppendLowerHex(ReadOnlySpan<byte> octets)
    {
        var room = Reserve(octets.Length * 2);
        if (!Convert.TryToHexStringLower(octets, room, out var written))
        {
            throw new InvalidOperationException("the room for the digits was reserved");
        }

        length += written;
    }

    public override string ToString() => Encoding.UTF8.GetString(Written);

    public void Dispose()
    {
        var rented = Interlocked.Exchange(ref bytes, []);
        if (rented.Length > 0)
        {
            CryptographicOperations.ZeroMemory(rented.AsSpan(0, length));
            length = 0;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (bytes.Length - length < count)
        {
            Grow(count);
        }

        return bytes.AsSpan(length);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + count));
        Written.CopyTo(larger);
        CryptographicOperations.ZeroMemory(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
