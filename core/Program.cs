using System.Runtime.Versioning;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (OperatingSystem.IsWindows())
        {
            await Console.Error.WriteLineAsync("The core runs on Unix only.");
            return StartupException.CouldNotStart;
        }

        return await RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
    }

    /// <summary>Serves until a signal or <paramref name="stop"/>; the result is the exit code.</summary>
    [UnsupportedOSPlatform("windows")]
    internal static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        if (arguments is ["--help" or "-h"])
        {
            await output.WriteLineAsync(CoreArguments.Help);
            return 0;
        }

        if (arguments is ["--version"])
        {
            await output.WriteLineAsync(CoreArguments.Version);
            return 0;
        }

        try
        {
            if (CoreCommands.IsCommand(arguments))
            {
                await CoreCommands.RunAsync(arguments, output, stop);
                return 0;
            }

            await ServeAsync(arguments, output, stop);
            return 0;
        }
        catch (StartupException fault)
        {
            await errors.WriteLineAsync(fault.Message);
            return fault.ExitCode;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task ServeAsync(string[] arguments, TextWriter output, CancellationToken stop)
    {
        string[] faults = [.. CoreArguments.Faults(arguments)];
        if (faults.Length > 0)
        {
            throw new StartupException(StartupException.BadSettings, string.Join(Environment.NewLine, faults));
        }

        await using var host = CoreHost.Build(arguments, TimeProvider.System);
        try
        {
            await host.Application.StartAsync(stop);
        }
        catch (IOException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, exception.Message, exception);
        }

        await output.WriteLineAsync($"KmsGateway core listens on {string.Join(';', host.Addresses)}");
        await host.Application.WaitForShutdownAsync(stop);
    }
}
