using System.CommandLine;
using System.Text.Json.Nodes;
using KmsGateway.Core.Backups;
using KmsGateway.Core.Control;
using KmsGateway.Gateway.Accounts.Commands;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Custody.Commands;

/// <summary><c>rewrap</c>. Source: docs/backup.md.</summary>
internal sealed class RewrapCommand()
    : OperatorCommand("rewrap", "Seal every key under a fresh root.key while the service runs or not, and erase the old one; resumes when interrupted.")
{
    protected override void AddTo(Command command)
    {
    }

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        Print(run, await run.AskAsync(CustodyVerbNames.Rewrap, [], cancellationToken), CustodyText.Rewrapped);
        return 0;
    }
}

/// <summary><c>backup</c>. Source: docs/backup.md.</summary>
internal sealed class BackupCommand()
    : OperatorCommand("backup", "Write a consistent copy of keys.db and ram.db to a new directory while the service runs or not; without root.key.")
{
    private readonly Argument<string> directory = new("directory") { Description = "must not exist yet" };
    private readonly Option<bool> withRootKey = new("--with-root-key")
    {
        Description = "put root.key in too: whoever gets this backup then has every key",
    };

    protected override void AddTo(Command command)
    {
        command.Arguments.Add(directory);
        command.Options.Add(withRootKey);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject
        {
            ["target"] = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetRequiredValue(directory))),
            ["withRootKey"] = parsed.GetValue(withRootKey),
        };
        Print(run, await run.AskAsync(CustodyVerbNames.Backup, arguments, cancellationToken), CustodyText.BackedUp);
        return 0;
    }
}

/// <summary><c>restore</c>. Source: docs/backup.md.</summary>
internal sealed class RestoreCommand()
    : OperatorCommand("restore", "Put a backup into an empty data directory, once it is proved whole and opened by its root.key.")
{
    private readonly Argument<string> backup = new("backup") { Description = "the directory that backup wrote" };
    private readonly Option<string[]> rootKeys = new("--root-key")
    {
        Description = "the root.key of the time of the backup; a second one when a rewrap was under way; none when the backup holds it",
    };

    protected override void AddTo(Command command)
    {
        command.Arguments.Add(backup);
        command.Options.Add(rootKeys);
    }

    protected override Task<int> RunAsync(ParseResult parsed, OperatorRun run, CancellationToken cancellationToken)
    {
        var options = run.Settings.Options;
        var ram = new RestorePart("ram.db", RamMigrations.Current) { Adjust = path => RestoredSessions.Revoke(path, TimeProvider.System) };
        var order = new RestoreOrder(
            Path.GetFullPath(parsed.GetRequiredValue(backup)),
            Path.GetFullPath(options.DataDirectory),
            $"KmsGateway {ProgramVersion.Text} restore",
            [.. (parsed.GetValue(rootKeys) ?? []).Select(Path.GetFullPath)],
            options.Core.Address is null ? [RestorePart.Keys, ram] : [ram]);
#pragma warning disable CA1416 // the program refuses to run on Windows
        Print(run, Restoration.Run(order), CustodyText.Restored);
#pragma warning restore CA1416
        return Task.FromResult(0);
    }
}
