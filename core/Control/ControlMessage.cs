using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KmsGateway.Core.Control;

/// <summary>
/// What goes over the control socket: one JSON object each way, ended by closing that direction. Question:
/// <c>{"verb","arguments"}</c>; answer: <c>{"result"}</c> or <c>{"exitCode","message"}</c>.
/// </summary>
public static class ControlMessage
{
    /// <summary>The socket's name below the data directory.</summary>
    public const string FileName = "control.sock";

    /// <summary>Longest path of a Unix socket.</summary>
    public const int MaxPathBytes = 107;

    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The socket of a data directory; null when its path is longer than the system allows.</summary>
    public static UnixDomainSocketEndPoint? EndPoint(string path) =>
        Encoding.UTF8.GetByteCount(path) <= MaxPathBytes ? new UnixDomainSocketEndPoint(path) : null;

    /// <summary>Sends a message and ends this direction.</summary>
    public static async Task SendAsync(Socket socket, JsonObject message, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(message.ToJsonString());
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Reads until the other side ends its direction.</summary>
    /// <exception cref="InvalidDataException">Not one JSON object, or longer than 64 MiB.</exception>
    public static async Task<JsonObject> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            received.Write(buffer, 0, count);
            if (received.Length > MaxBytes)
            {
                throw new InvalidDataException("The message is too long.");
            }
        }

        try
        {
            return JsonNode.Parse(received.GetBuffer().AsSpan(0, (int)received.Length)) as JsonObject
                ?? throw new InvalidDataException("The message is no JSON object.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The message is no JSON object.", exception);
        }
    }
}
