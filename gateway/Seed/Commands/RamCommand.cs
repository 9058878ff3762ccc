using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Accounts;
using KmsGateway.Gateway.Accounts.Commands;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;

namespace KmsGateway.Gateway.Seed.Commands;

/// <summary><c>ram</c>: policies and attachments as files. Source: docs/seed.md.</summary>
internal sealed class RamCommand : IGatewayCommand
{
    private static readonly ImmutableArray<IGatewayCommand> Verbs = [new RamExportCommand(), new RamImportCommand()];

    public Command Build(GatewayProcessOptions process)
    {
        var command = new Command("ram", "Write all policies and attachments to files, and make them so again.");
        foreach (var verb in Verbs)
        {
            command.Subcommands.Add(verb.Build(process));
        }

        return command;
    }
}

/// <summary><c>ram export</c>.</summary>
internal sealed class RamExportCommand()
    : OperatorCommand("export", "Write users, groups, roles, policies and attachments to a directory; no secrets, no access keys.")
{
    private readonly Argument<string> directory = new("directory") { Description = "new, empty, or an earlier export" };
    private readonly Option<string?> accountId = new("--account-id") { Description = "only this account; all when absent" };

    protected override void AddTo(Command command)
    {
        command.Arguments.Add(directory);
        command.Options.Add(accountId);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        var target = Path.GetFullPath(parsed.GetRequiredValue(directory));
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && !File.Exists(Path.Combine(target, RamExport.FileName)))
        {
            throw new StartupException(StartupException.BadSettings, $"{target} holds something that is no earlier export.");
        }

        var account = parsed.GetValue(accountId);
        var arguments = new JsonObject { ["accountId"] = account is null ? null : AccountText.RequireId(account, "--account-id") };
        var files = (await run.AskAsync(SeedVerbs.Export, arguments, cancellationToken))["files"]!.AsObject();
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, (string)text!, cancellationToken);
        }

        var result = new JsonObject { ["directory"] = target, ["files"] = new JsonArray([.. files.Select(file => JsonValue.Create(file.Key))]) };
        Print(run, result, _ => [$"{files.Count} files in {target}"]);
        return 0;
    }
}

/// <summary><c>ram import</c>.</summary>
internal sealed class RamImportCommand() : OperatorCommand("import", "Make what an export says, or show what would change (--dry-run).")
{
    private readonly Argument<string> directory = new("directory") { Description = "what ram export wrote, perhaps edited since" };
    private readonly SeedOptions options = new();

    protected override void AddTo(Command command)
    {
        command.Arguments.Add(directory);
        options.AddTo(command);
    }

    protected override Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken) =>
        options.RunAsync(parsed, run, Path.Combine(parsed.GetRequiredValue(directory), RamExport.FileName), Print, cancellationToken);
}
