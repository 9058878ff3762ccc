using System.Net.Sockets;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Control;

/// <summary>
/// Answers the commands of the same program while the service runs: a Unix socket in the data directory, which only its owner
/// may enter. One command at a time. Source: decisions.md D4.
/// </summary>
public sealed partial class ControlSocket(
    IServiceProvider services, OperatorVerbs verbs, DataDirectory data, TimeProvider clock, ILogger<ControlSocket> logger) : BackgroundService
{
    /// <summary>A command that has not said what it wants by then is let go.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string path = data.FilePath(ControlMessage.FileName);
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
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (listener is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var connection = await listener.AcceptAsync(stoppingToken);
                await ServeAsync(connection, stoppingToken);
            }
            catch (Exception exception) when (exception is SocketException or InvalidDataException or OperationCanceledException)
            {
                // Why go on: a command that went away, said nothing or said nonsense leaves the others their turn.
                Log.CommandLost(logger, exception.Message);
            }
        }
    }

    private async Task ServeAsync(Socket connection, CancellationToken stoppingToken)
    {
        JsonObject question;
        using (var deadline = new CancellationTokenSource(Patience, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken))
        {
            question = await ControlMessage.ReceiveAsync(connection, either.Token);
        }

        var answer = await AnswerAsync(question, stoppingToken);
        await ControlMessage.SendAsync(connection, answer, stoppingToken);
    }

    private async Task<JsonObject> AnswerAsync(JsonObject question, CancellationToken stoppingToken)
    {
        try
        {
            var name = (string?)question["verb"] ?? string.Empty;
            var verb = verbs.Find(name)
                ?? throw new StartupException(StartupException.CouldNotStart, "The running service is of another version and does not know this command.");
            return new JsonObject { ["result"] = await verb.RunAsync(services, question["arguments"]!.AsObject(), stoppingToken) };
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
