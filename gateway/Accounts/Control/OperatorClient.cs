using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Control;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Accounts.Control;

/// <summary>The command's side: asks the running service, or does the work itself when no service holds the data directory.</summary>
internal static class OperatorClient
{
    /// <summary>The result of a verb.</summary>
    /// <exception cref="StartupException">Refused; exit code and message are for the operator.</exception>
    public static async Task<JsonObject> RunAsync(
        LoadedSettings settings, GatewayProcessOptions process, string verb, JsonObject arguments, CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(settings.Options.DataDirectory);
        if (!File.Exists(Path.Combine(directory, "ram.db")))
        {
            throw new StartupException(StartupException.CouldNotStart, $"There is no service in {directory}: start it once first.");
        }

        try
        {
            using var data = GatewayServer.OpenData(directory);
            return await OfflineAsync(settings, process, data, verb, arguments, cancellationToken);
        }
        catch (StartupException exception) when (exception.InnerException is DataDirectoryInUseException inUse)
        {
            return await ControlClient.AskAsync(directory, inUse, verb, arguments, cancellationToken);
        }
    }

    private static async Task<JsonObject> OfflineAsync(
        LoadedSettings settings, GatewayProcessOptions process, DataDirectory data, string verb, JsonObject arguments, CancellationToken cancellationToken)
    {
        await using var service = await OfflineService.StartAsync(settings, process, data, cancellationToken);
        try
        {
            return await GatewayVerbs.All.Find(verb)!.RunAsync(service.Services, arguments, cancellationToken);
        }
        catch (KmsException exception)
        {
            throw new StartupException(AccountAdministration.Refused, $"{exception.Error.Code}: {exception.Message}", exception);
        }
    }
}
