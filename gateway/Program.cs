using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;

namespace KmsGateway.Gateway;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (OperatingSystem.IsWindows())
        {
            await Console.Error.WriteLineAsync("KmsGateway needs a Unix system: it relies on file modes and Unix sockets.");
            return StartupException.CouldNotStart;
        }

        using var signals = new StopSignals();
        var process = new GatewayProcessOptions
        {
            Output = Console.Out,
            Error = Console.Error,
            Clock = TimeProvider.System,
            IsTerminal = !Console.IsOutputRedirected,
            Modules = GatewayModules.Create,
        };
        return await GatewayHost.RunAsync(args, process, signals.Token);
    }
}
