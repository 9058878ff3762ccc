using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace KmsGateway.Wire.Tests.Smuggling;

/// <summary>
/// Sends bytes as they are and reads until the server closes or falls silent. The sending side stays open: a server that
/// saw it end would drop requests it had not answered, and a hidden one among them.
/// </summary>
internal static partial class RawExchange
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>The statuses of all responses that came back, in order.</summary>
    public static async Task<IReadOnlyList<int>> SendAsync(Uri address, string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        var received = await ReadAsync(stream);
        return [.. StatusLine().Matches(received).Select(match => int.Parse(match.Groups[1].ValueSpan, provider: null))];
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var received = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                using var silent = new CancellationTokenSource(Silence);
                var count = await stream.ReadAsync(buffer, silent.Token);
                if (count == 0)
                {
                    break;
                }

                received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // Why: silence is the end of the answers of a server that keeps the connection or waits for more
        }
        catch (IOException)
        {
            // Why: a server that refuses may reset while more is on its way; what it had answered before still counts
        }

        return received.ToString();
    }

    [GeneratedRegex(@"HTTP/1\.[01] (\d{3}) ")]
    private static partial Regex StatusLine();
}
