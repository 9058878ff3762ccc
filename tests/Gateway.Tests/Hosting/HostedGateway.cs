using KmsGateway.Gateway.Hosting;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>The program, run in this process on free ports in a directory of its own.</summary>
internal sealed class HostedGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory directory = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<RunningGateway> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<int> run = Task.FromResult(-1);

    private HostedGateway()
    {
    }

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public CapturedLog Log { get; } = new();

    public RunningGateway Running { get; private set; } = null!;

    public Uri Http => Running.Addresses.First(address => address.Scheme == "http");

    public Uri Https => Running.Addresses.First(address => address.Scheme == "https");

    public Uri Management => Running.ManagementAddress;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<HostedGateway> StartAsync(IGatewayModule module, params string[] arguments)
    {
        var gateway = new HostedGateway();
        gateway.Begin(module, arguments);
        var first = await Task.WhenAny(gateway.started.Task, gateway.run).WaitAsync(Patience);
        Assert.True(first == gateway.started.Task, gateway.Error.ToString());
        gateway.Running = await gateway.started.Task;
        return gateway;
    }

    /// <summary>Starts it with arguments that it must refuse; the exit code and what it said.</summary>
    public static async Task<(int ExitCode, string Error)> RefusedAsync(IGatewayModule module, params string[] arguments)
    {
        await using var gateway = new HostedGateway();
        gateway.Begin(module, arguments);
        var first = await Task.WhenAny(gateway.started.Task, gateway.run).WaitAsync(Patience);
        Assert.True(first == gateway.run, "it started");
        return (await gateway.run, gateway.Error.ToString());
    }

    /// <summary>Asks it to stop; the task ends with its exit code.</summary>
    public Task<int> StopAsync()
    {
        stop.Cancel();
        return run.WaitAsync(Patience, CancellationToken.None);
    }

    public Task<int> ExitAsync() => run.WaitAsync(Patience, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        stop.Dispose();
        directory.Dispose();
    }

    private void Begin(IGatewayModule module, string[] arguments)
    {
        var process = new GatewayProcessOptions
        {
            Output = Output,
            Error = Error,
            Clock = TimeProvider.System,
            Modules = () => [module],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
            Log = Log,
            Started = running => started.TrySetResult(running),
        };
        run = GatewayHost.RunAsync([.. Defaults(arguments), .. arguments], process, stop.Token);
    }

    /// <summary>Free ports and a directory of its own, unless the test names others.</summary>
    private IEnumerable<string> Defaults(string[] arguments)
    {
        string[] defaults =
        [
            "--urls=http://127.0.0.1:0;https://127.0.0.1:0",
            "--Kms:Management:Url=http://127.0.0.1:0",
            $"--Kms:DataDirectory={directory.File("data")}",
        ];
        return defaults.Where(text => !arguments.Any(argument => argument.StartsWith(text[..(text.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal)));
    }
}
