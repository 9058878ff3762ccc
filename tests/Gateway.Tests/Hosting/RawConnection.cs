using System.Net.Sockets;
using System.Text;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>HTTP as bytes, for what a well-behaved client does not send.</summary>
internal static class RawConnection
{
    /// <summary>Sends the text on a new connection and reads until the server closes it.</summary>
    public static async Task<string> ExchangeAsync(Uri address, string request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(patience.Token);
    }
}
