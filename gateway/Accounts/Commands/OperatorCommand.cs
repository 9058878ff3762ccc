using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Accounts.Control;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Accounts.Commands;

/// <summary>
/// A command that asks something of the service, running or stopped: its own arguments, the settings of the service, and
/// <c>--format text|json</c>.
/// </summary>
internal abstract class OperatorCommand(string name, string description) : IGatewayCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Option<string> format = TextOrJson();

    public Command Build(GatewayProcessOptions process)
    {
        // Why unmatched tokens are left over: they are settings, such as --Kms:DataDirectory=..., judged with all others.
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        AddTo(command);
        command.Options.Add(format);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var run = new OperatorRun(LoadedSettings.Load(parsed.UnmatchedTokens, process), process, parsed.GetValue(format) == "json");
            return await RunAsync(parsed, run, cancellationToken);
        });
        return command;
    }

    /// <summary>Adds arguments and options.</summary>
    protected abstract void AddTo(Command command);

    /// <summary>Answers the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken);

    /// <summary>Prints a result: as it is for JSON, else as <paramref name="text"/> says.</summary>
    protected static void Print(OperatorRun run, JsonObject result, Func<JsonObject, IEnumerable<string>> text)
    {
        foreach (var line in run.IsJson ? [result.ToJsonString(Indented)] : text(result))
        {
            run.Process.Output.WriteLine(line);
        }
    }

    private static Option<string> TextOrJson()
    {
        var option = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}

/// <summary>One run of such a command.</summary>
internal sealed record OperatorRun(LoadedSettings Settings, GatewayProcessOptions Process, bool IsJson)
{
    public Task<JsonObject> AskAsync(string verb, JsonObject arguments, CancellationToken cancellationToken) =>
        OperatorClient.RunAsync(Settings, Process, verb, arguments, cancellationToken);
}
