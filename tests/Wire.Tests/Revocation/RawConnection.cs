using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>One kept connection that sends a form and reads the answer, nothing else: what a load costs beside its server.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly Uri address;

    public RawConnection(Uri address)
    {
        this.address = address;
        socket.Connect(address.Host, address.Port);
    }

    /// <summary>Status and body of the answer to one POST; the answer must have a length. The body is good until the next call.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> PostAsync(string form, CancellationToken cancellationToken)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}"), cancellationToken);
        var (received, headEnd) = (0, -1);
        while (headEnd < 0)
        {
            received += await ReceiveAsync(received, cancellationToken);
            headEnd = buffer.AsSpan(0, received).IndexOf(EndOfHead);
        }

        var bodyStart = headEnd + EndOfHead.Length;
        var bodyEnd = bodyStart + ContentLength(buffer.AsSpan(0, headEnd));
        while (received < bodyEnd)
        {
            received += await ReceiveAsync(received, cancellationToken);
        }

        // "HTTP/1.1 200"
        return Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _)
            ? (status, buffer.AsMemory(bodyStart, bodyEnd - bodyStart))
            : throw new IOException("an answer has a status");
    }

    public void Dispose() => socket.Dispose();

    private async Task<int> ReceiveAsync(int at, CancellationToken cancellationToken) =>
        await socket.ReceiveAsync(buffer.AsMemory(at), cancellationToken) is var count and > 0 ? count : throw new IOException("the server closed the connection");

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new IOException("an answer has a length");
    }
}
