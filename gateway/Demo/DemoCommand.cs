using System.CommandLine;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;

namespace KmsGateway.Gateway.Demo;

/// <summary>
/// <c>demo</c>: the story of the README against a real instance in a temporary data directory, over signed HTTP on free
/// loopback ports. Exit code 1 when any outcome differs from what the story says.
/// </summary>
internal sealed class DemoCommand : IGatewayCommand
{
    public Command Build(GatewayProcessOptions process)
    {
        var command = new Command("demo", "Play the story of the README against a throw-away instance; exit code 1 when an outcome differs.");
        command.SetAction((_, cancellationToken) => RunAsync(process, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(GatewayProcessOptions process, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("kmsgateway-demo-");
        try
        {
            return await RunAsync(process, directory.FullName, cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(GatewayProcessOptions process, string directory, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var trail = new DemoTrail();
        var started = new TaskCompletionSource<RunningGateway>(TaskCreationOptions.RunContinuationsAsynchronously);
        var quiet = process with
        {
            Output = TextWriter.Null,
            IsTerminal = false,
            Log = trail,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
            Started = started.SetResult,
        };
        var server = GatewayHost.RunAsync(
            ["--urls", "http://127.0.0.1:0", "--Kms:Management:Url=http://127.0.0.1:0", $"--Kms:DataDirectory={Path.Combine(directory, "data")}"],
            quiet, stop.Token);
        if (await Task.WhenAny(server, started.Task) == server)
        {
            return await server;
        }

        using var story = new DemoStory(await started.Task, trail, process.Output, process.Clock);
        var isAsTold = await story.PlayAsync(cancellationToken);
        await stop.CancelAsync();
        var code = await server;
        return code == 0 && !isAsTold ? 1 : code;
    }
}
