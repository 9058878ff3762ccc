using System.Net.Sockets;
using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Control;

/// <summary>The command's side of the control socket.</summary>
public static class ControlClient
{
    /// <summary>The result of a verb of the service that holds a data directory.</summary>
    /// <param name="directory">Absolute path.</param>
    /// <param name="inUse">What names the holder.</param>
    /// <param name="verb">Its name.</param>
    /// <param name="arguments">Judged by the command.</param>
    /// <param name="cancellationToken">Stops waiting; the service goes on.</param>
    /// <exception cref="StartupException">Refused, or nobody answers; exit code and message are for the operator.</exception>
    public static async Task<JsonObject> AskAsync(
        string directory, DataDirectoryInUseException inUse, string verb, JsonObject arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, ControlMessage.FileName);
        var endPoint = ControlMessage.EndPoint(path) ?? throw Unreachable(inUse, "its path is too long for a control socket");
        JsonObject answer;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(endPoint, cancellationToken);
            await ControlMessage.SendAsync(socket, new JsonObject { ["verb"] = verb, ["arguments"] = arguments.DeepClone() }, cancellationToken);
            answer = await ControlMessage.ReceiveAsync(socket, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException)
        {
            throw Unreachable(inUse, "it does not answer on its control socket; it may be starting or stopping");
        }

        return answer["result"] as JsonObject
            ?? throw new StartupException((int)answer["exitCode"]!, (string)answer["message"]!);
    }

    private static StartupException Unreachable(DataDirectoryInUseException inUse, string why) =>
        new(StartupException.CouldNotStart, $"{inUse.Message} Commands cannot reach it: {why}.", inUse);
}
