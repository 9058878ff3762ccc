using System.CommandLine;
using System.CommandLine.Invocation;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Hosting;

/// <summary>The whole program behind <c>Main</c>: a verb, <c>--help</c>, <c>--version</c>, or the service. Source: architecture.md, operator contract.</summary>
internal static class GatewayHost
{
    private static readonly string[] HelpWords = ["--help", "-h", "-?"];

    /// <summary>Runs until done or asked to stop; answers the exit code: 0, 1 (a command's check failed), 64 or 70.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter stdout, TextWriter stderr, TimeProvider clock, CancellationToken cancellationToken) =>
        RunAsync(args, new GatewayProcessOptions { Output = stdout, Error = stderr, Clock = clock, Modules = GatewayModules.Create }, cancellationToken);

    /// <summary>The same, with everything a process gives.</summary>
    public static async Task<int> RunAsync(string[] args, GatewayProcessOptions process, CancellationToken cancellationToken)
    {
        try
        {
            return await DispatchAsync(args, process, cancellationToken);
        }
        catch (StartupException exception)
        {
            await process.Error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Why: asked to stop while it was still starting.
            return 0;
        }
        catch (Exception exception)
        {
            await process.Error.WriteLineAsync($"Unexpected failure: {exception}");
            return StartupException.CouldNotStart;
        }
    }

    private static async Task<int> DispatchAsync(string[] args, GatewayProcessOptions process, CancellationToken cancellationToken)
    {
        var root = new RootCommand();
        root.Directives.Clear();
        foreach (var command in CommandTable.All)
        {
            root.Subcommands.Add(command.Build(process));
        }

        if (args is [var first, ..] && !first.StartsWith('-'))
        {
            return await RunVerbAsync(root, args, process, cancellationToken);
        }

        if (args.Intersect(HelpWords, StringComparer.Ordinal).Any())
        {
            await process.Output.WriteAsync(HelpText.Render(root.Subcommands));
            return 0;
        }

        if (args is ["--version"])
        {
            await process.Output.WriteLineAsync(ProgramVersion.Text);
            return 0;
        }

        await GatewayServer.RunAsync(LoadedSettings.Load(args, process), process, cancellationToken);
        return 0;
    }

    private static async Task<int> RunVerbAsync(RootCommand root, string[] args, GatewayProcessOptions process, CancellationToken cancellationToken)
    {
        var verbs = root.Subcommands.Select(command => command.Name).ToArray();
        if (!verbs.Contains(args[0], StringComparer.Ordinal))
        {
            throw new StartupException(
                StartupException.BadSettings, $"The command {Quoted.Text(args[0])} is unknown; the nearest known one is {NearestName.Of(args[0], verbs)}.");
        }

        // Why: no @file arguments, no signal handling of its own, and exceptions come back here.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            throw new StartupException(StartupException.BadSettings, string.Join('\n', parsed.Errors.Select(error => error.Message)));
        }

        var invocation = new InvocationConfiguration
        {
            Output = process.Output,
            Error = process.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }
}
