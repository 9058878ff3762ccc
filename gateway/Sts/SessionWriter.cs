using System.Buffers.Binary;
using System.Text;

namespace KmsGateway.Gateway.Sts;

/// <summary>
/// Session contents as bytes: numbers big-endian, texts as <c>{ length:2 | UTF-8 }</c>, in the order that
/// <see cref="SessionReader"/> reads. Writes into a buffer that the caller zeroes.
/// </summary>
internal ref struct SessionWriter(Span<byte> buffer)
{
    private readonly Span<byte> buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something did not fit; nothing more is written then.</summary>
    public bool IsFull { get; private set; }

    /// <summary>False when the contents are larger than the buffer.</summary>
    public static bool TryWrite(SessionContents contents, Span<byte> buffer, out int length)
    {
        var writer = new SessionWriter(buffer);
        writer.Text(contents.AccessKeyId);
        writer.Bytes(contents.Secret.ExposeBytes());
        writer.Text(contents.SessionName);
        writer.Number(contents.Expires.ToUnixTimeSeconds());
        writer.Flag(contents.IsMfaPresent);
        writer.Text(contents.Policy ?? string.Empty);
        writer.Number(contents.Links.Length);
        foreach (var link in contents.Links)
        {
            writer.Link(link);
        }

        length = writer.Length;
        return !writer.IsFull;
    }

    private void Link(SessionLink link)
    {
        Number(link.RoleId);
        Text(link.AccountId);
        Text(link.RoleName);
        Number(link.IssuedAt.ToUnixTimeMilliseconds());
        Number((int)link.Caller.Type);
        Text(link.Caller.AccountId);
        Number(link.Caller.Id);
        Text(link.Caller.Name);
        Number(link.Circumstances.Length);
        foreach (var (key, value) in link.Circumstances)
        {
            Text(key);
            Text(value);
        }
    }

    private void Text(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        if (TryTake(sizeof(ushort) + size, out var space))
        {
            BinaryPrimitives.WriteUInt16BigEndian(space, (ushort)size);
            Encoding.UTF8.GetBytes(text, space[sizeof(ushort)..]);
        }
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (TryTake(sizeof(ushort) + bytes.Length, out var space))
        {
            BinaryPrimitives.WriteUInt16BigEndian(space, (ushort)bytes.Length);
            bytes.CopyTo(space[sizeof(ushort)..]);
        }
    }

    private void Number(long number)
    {
        if (TryTake(sizeof(long), out var space))
        {
            BinaryPrimitives.WriteInt64BigEndian(space, number);
        }
    }

    private void Flag(bool flag) => Number(flag ? 1 : 0);

    private bool TryTake(int size, out Span<byte> space)
    {
        space = default;
        if (IsFull || size > buffer.Length - Length || size > ushort.MaxValue)
        {
            IsFull = true;
            return false;
        }

        space = buffer.Slice(Length, size);
        Length += size;
        return true;
    }
}
