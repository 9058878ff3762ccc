using System.CommandLine;
using System.Net;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Hosting.CommandLine;

/// <summary><c>health</c>: asks the management listener of a running server, for places without an HTTP client.</summary>
internal sealed class HealthCommand : IGatewayCommand
{
    private const int NotReady = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public Command Build(GatewayProcessOptions process)
    {
        var command = new Command("health", "Ask the server that runs with these settings whether it is ready; exit code 0 when it is.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.UnmatchedTokens, process, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, GatewayProcessOptions process, CancellationToken cancellationToken)
    {
        var settings = LoadedSettings.Load(arguments, process);
        var listener = ListenAddress.TryParse("Kms:Management:Url", settings.Options.Management.Url, out var address, out var fault)
            ? address
            : throw new InvalidOperationException(fault);
        var target = new UriBuilder(Uri.UriSchemeHttp, ReachableHost(listener), listener.Port, HealthEndpoints.Ready).Uri;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(target, cancellationToken);
            await process.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.StatusCode == HttpStatusCode.OK ? 0 : NotReady;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await process.Error.WriteLineAsync($"No server answers at {target}.");
            return NotReady;
        }
    }

    private static string ReachableHost(ListenAddress listener) => listener.Address switch
    {
        null => "127.0.0.1",
        var ip when ip.Equals(IPAddress.Any) => "127.0.0.1",
        var ip when ip.Equals(IPAddress.IPv6Any) => "[::1]",
        var ip => ip.ToString(),
    };
}
