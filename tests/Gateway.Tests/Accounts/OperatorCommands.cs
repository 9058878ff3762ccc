using System.Text.Json.Nodes;
using KmsGateway.Gateway.Hosting;

namespace KmsGateway.Gateway.Tests.Accounts;

/// <summary>What a command came to.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Error)
{
    /// <summary>The result of a command with <c>--format json</c> that must have succeeded.</summary>
    public JsonNode Json
    {
        get
        {
            Assert.Equal((0, ""), (ExitCode, Error));
            return JsonNode.Parse(Output)!;
        }
    }
}

/// <summary>The program's commands, run in this process over one data directory.</summary>
internal static class OperatorCommands
{
    public static Task<CommandOutcome> RunAsync(string dataDirectory, params string[] arguments) => RunAsync(dataDirectory, isTerminal: false, arguments);

    public static async Task<CommandOutcome> RunAsync(string dataDirectory, bool isTerminal, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var process = new GatewayProcessOptions
        {
            Output = output,
            Error = error,
            Clock = TimeProvider.System,
            IsTerminal = isTerminal,
            Modules = GatewayModules.Create,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        var exitCode = await GatewayHost.RunAsync([.. arguments, $"--Kms:DataDirectory={dataDirectory}"], process, CancellationToken.None);
        return new CommandOutcome(exitCode, output.ToString(), error.ToString());
    }
}
