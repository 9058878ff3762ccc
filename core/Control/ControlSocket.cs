using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Control;

/// <summary>
/// Answers the commands of the same program while the service runs: a Unix socket in the data directory, which only its owner
/// may enter. Commands are heard all at once and done one after the other; what takes long, a rewrap or a backup, holds up only another
/// of these. Source: decisions.md D4.
/// </summary>
public sealed partial class ControlSocket(
    IServiceProvider services, OperatorVerbs verbs, DataDirectory data, TimeProvider clock, ILogger<ControlSocket> logger) : BackgroundService
{
    /// <summary>A command that has not said what it wants by then, or not taken its answer, is let go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string> LongOnes = new(StringComparer.Ordinal)
    {
        [CustodyVerbNames.Rewrap] = "rewrap",
        [CustodyVerbNames.Backup] = "backup",
    };

    private readonly ConcurrentDictionary<Task, byte> served = [];
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly string path = data.FilePath(ControlMessage.FileName);
    private string? longOne;
    private Socket? listener;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (ControlMessage.EndPoint(path) is { } endPoint)
        {
            listener = Listen(endPoint);
        }
        else
        {
            Log.PathTooLong(logger, path, ControlMessage.MaxPathBytes);
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        File.Delete(path);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        listener?.Dispose();
        turn.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (listener is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                Serve(await listener.AcceptAsync(stoppingToken), stoppingToken);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                Log.CommandLost(logger, exception.Message);
            }
        }

        await Task.WhenAll(served.Keys);
    }

    private void Serve(Socket connection, CancellationToken stoppingToken)
    {
        // Why not here: a command that works without awaiting anything would keep others from being heard.
        var task = Task.Run(() => ServeAsync(connection, stoppingToken), CancellationToken.None);
        served[task] = 0;
        _ = task.ContinueWith(done => served.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket accepted, CancellationToken stoppingToken)
    {
        using var connection = accepted;
        try
        {
            JsonObject? question = null;
            await WithinPatienceAsync(async limit => question = await ControlMessage.ReceiveAsync(connection, limit), stoppingToken);
            var answer = await AnswerAsync(question!, stoppingToken);
            await WithinPatienceAsync(limit => ControlMessage.SendAsync(connection, answer, limit), stoppingToken);
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException or OperationCanceledException)
        {
            // Why no more: a command that went away, said nothing, said nonsense or does not listen is its own concern.
            Log.CommandLost(logger, exception.Message);
        }
    }

    private async Task WithinPatienceAsync(Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        await work(either.Token);
    }

    /// <summary>What takes long is refused while another such is running; everything else waits its turn, which comes soon.</summary>
    private async Task<JsonObject> RunAsync(OperatorVerb verb, JsonObject arguments, CancellationToken stoppingToken)
    {
        if (LongOnes.TryGetValue(verb.Name, out var name))
        {
            if (Interlocked.CompareExchange(ref longOne, name, null) is { } running)
            {
                throw new StartupException(CoreAdministration.Refused, $"A {running} is running; try again when it has ended.");
            }

            try
            {
                return await verb.RunAsync(services, arguments, stoppingToken);
            }
            finally
            {
                Volatile.Write(ref longOne, null);
            }
        }

        await turn.WaitAsync(stoppingToken);
        try
        {
            return await verb.RunAsync(services, arguments, stoppingToken);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<JsonObject> AnswerAsync(JsonObject question, CancellationToken stoppingToken)
    {
        try
        {
            var name = (string?)question["verb"] ?? string.Empty;
            var verb = verbs.Find(name)
                ?? throw new StartupException(StartupException.CouldNotStart, "The running service is of another version and does not know this command.");
            return new JsonObject { ["result"] = await RunAsync(verb, question["arguments"]!.AsObject(), stoppingToken) };
        }
        catch (StartupException exception)
        {
            return Refusal(exception.ExitCode, exception.Message);
        }
        catch (KmsException exception)
        {
            return Refusal(CoreAdministration.Refused, $"{exception.Error.Code}: {exception.Message}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.CommandFailed(logger, exception);
            return Refusal(StartupException.CouldNotStart, "The service failed at this command; its log says why.");
        }
    }

    private static JsonObject Refusal(int exitCode, string message) => new() { ["exitCode"] = exitCode, ["message"] = message };

    private Socket Listen(UnixDomainSocketEndPoint endPoint)
    {
        // Why: who holds the lock of the directory owns the name; a service that was killed has left its socket behind.
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(endPoint);
#pragma warning disable CA1416 // the program refuses to run on Windows
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
        socket.Listen();
        return socket;
    }

    private static partial class Log
    {
        [LoggerMessage(1111, LogLevel.Warning, "Commands cannot reach this service: {Path} is longer than the {MaxBytes} bytes of a Unix socket's path.")]
        public static partial void PathTooLong(ILogger logger, string path, int maxBytes);

        [LoggerMessage(1112, LogLevel.Debug, "A command went away: {Reason}")]
        public static partial void CommandLost(ILogger logger, string reason);

        [LoggerMessage(1113, LogLevel.Error, "A command failed.")]
        public static partial void CommandFailed(ILogger logger, Exception exception);
    }
}
