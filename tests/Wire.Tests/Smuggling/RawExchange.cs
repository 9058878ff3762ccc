using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace KmsGateway.Wire.Tests.Smuggling;

/// <summary>Sends bytes as they are, ends the sending side, and reads until the server closes.</summary>
internal static partial class RawExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The statuses of all responses that came back, in order.</summary>
    public static async Task<IReadOnlyList<int>> SendAsync(Uri address, string bytes)
    {
        using var late = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, late.Token);
        var stream = client.GetStream();
        var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), late.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(received, late.Token);
        }
        catch (IOException)
        {
            // Why: a server that refuses may reset while more is on its way; what it had answered before still counts
        }

        return [.. StatusLine().Matches(Encoding.Latin1.GetString(received.ToArray())).Select(match => int.Parse(match.Groups[1].ValueSpan, provider: null))];
    }

    [GeneratedRegex(@"HTTP/1\.[01] (\d{3}) ")]
    private static partial Regex StatusLine();
}
