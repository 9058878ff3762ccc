using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using KmsGateway.Core.Backups;
using KmsGateway.Core.Control;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Rewrap;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// The commands of a core that is a process of its own: <c>rewrap</c>, <c>backup</c>, <c>restore</c>. They ask the running core over its
/// control socket and work on the data themselves when none runs. Source: decisions.md D4.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class CoreCommands
{
    private const string RootKey = "--root-key";
    private const string WithRootKey = "--with-root-key";
    private const string DataDirectorySetting = "--Kms:DataDirectory";

    private static readonly Dictionary<string, Func<CommandLine, CancellationToken, Task<IEnumerable<string>>>> All = new(StringComparer.Ordinal)
    {
        ["rewrap"] = RewrapAsync,
        ["backup"] = BackupAsync,
        ["restore"] = (line, _) => Task.FromResult(Restore(line)),
    };

    /// <summary>What the control socket of a core answers.</summary>
    public static OperatorVerbs Verbs { get; } = new(
    [
        new OperatorVerb(CustodyVerbNames.Rewrap, (services, _, cancellationToken) => AdministrationOf(services).RewrapAsync(cancellationToken)),
        new OperatorVerb(CustodyVerbNames.Backup, (services, arguments, _) => BackUpAsync(AdministrationOf(services), arguments)),
    ]);

    public static bool IsCommand(IReadOnlyList<string> arguments) => arguments.Count > 0 && All.ContainsKey(arguments[0]);

    /// <summary>Runs one; its lines go to <paramref name="output"/>.</summary>
    /// <exception cref="StartupException">64, 70 or 1, with the reason.</exception>
    public static async Task RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellationToken)
    {
        if (arguments.Skip(1).Any(argument => argument is "--help" or "-h"))
        {
            await output.WriteLineAsync(CoreArguments.Help);
            return;
        }

        ProcessHardening.ApplyToCommand();
        foreach (var line in await All[arguments[0]](CommandLine.Parse(arguments), cancellationToken))
        {
            await output.WriteLineAsync(line);
        }
    }

    private static async Task<IEnumerable<string>> RewrapAsync(CommandLine line, CancellationToken cancellationToken)
    {
        line.Require(operands: 0);
        return CustodyText.Rewrapped(await AskAsync(line, CustodyVerbNames.Rewrap, [], cancellationToken));
    }

    private static async Task<IEnumerable<string>> BackupAsync(CommandLine line, CancellationToken cancellationToken)
    {
        line.Require(operands: 1, WithRootKey);
        var arguments = new JsonObject
        {
            ["target"] = Path.TrimEndingDirectorySeparator(Path.GetFullPath(line.Operands[0])),
            ["withRootKey"] = line.Options.Exists(option => option.Name == WithRootKey),
        };
        return CustodyText.BackedUp(await AskAsync(line, CustodyVerbNames.Backup, arguments, cancellationToken));
    }

    private static IEnumerable<string> Restore(CommandLine line)
    {
        line.Require(operands: 1, RootKey);
        var roots = line.Options.Where(option => option.Name == RootKey).Select(option => Path.GetFullPath(option.Value!));
        return CustodyText.Restored(Restoration.Run(new RestoreOrder(
            Path.GetFullPath(line.Operands[0]), line.Data, "KmsGateway core restore", [.. roots], [RestorePart.Keys])));
    }

    private static async Task<JsonObject> AskAsync(CommandLine line, string verb, JsonObject arguments, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(line.Data, SqliteDatabase.FileName)))
        {
            throw new StartupException(StartupException.CouldNotStart, $"There is no core in {line.Data}: start it once first.");
        }

        try
        {
            using var data = DataDirectory.Open(line.Data, "KmsGateway core command");
            return await OfflineAsync(data, verb, arguments, cancellationToken);
        }
        catch (DataDirectoryInUseException inUse)
        {
            return await ControlClient.AskAsync(line.Data, inUse, verb, arguments, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(StartupException.CouldNotStart, exception.Message, exception);
        }
    }

    private static async Task<JsonObject> OfflineAsync(DataDirectory data, string verb, JsonObject arguments, CancellationToken cancellationToken)
    {
        var (sealing, store) = KeyHierarchy.Open(data, TimeProvider.System);
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(_ => sealing).AddSingleton<IKeyStore>(_ => store)
            .AddSingleton(provider => new LiveKeys(provider.GetRequiredService<TimeProvider>()));
        services.AddAdministration(data);
        await using var provider = services.BuildServiceProvider();
        return await Verbs.Find(verb)!.RunAsync(provider, arguments, cancellationToken);
    }

    private static CoreAdministration AdministrationOf(IServiceProvider services) => services.GetRequiredService<CoreAdministration>();

    private static async Task<JsonObject> BackUpAsync(CoreAdministration core, JsonObject arguments)
    {
        using var keys = await core.PinAsync();
        var content = new BackupContent(
            [keys], core.RootIds(), (bool)arguments["withRootKey"]! ? core.RootKeyFiles() : [], CoreArguments.Version, TimeProvider.System.GetUtcNow());
        return await Task.Run(() => BackupWriter.Write((string)arguments["target"]!, content));
    }

    /// <summary>A command's own arguments; everything else is judged as settings are.</summary>
    private sealed record CommandLine(string Name, string Data, List<string> Operands, List<(string Name, string? Value)> Options)
    {
        public static CommandLine Parse(IReadOnlyList<string> arguments)
        {
            var operands = new List<string>();
            var options = new List<(string Name, string? Value)>();
            var waiting = new Queue<string>(arguments.Skip(1));
            while (waiting.TryDequeue(out var next))
            {
                var (argument, given) = next.Split('=', 2) is [var name, var value] && name.StartsWith("--", StringComparison.Ordinal)
                    ? (name, value)
                    : (next, null);
                if (!argument.StartsWith("--", StringComparison.Ordinal))
                {
                    operands.Add(argument);
                }
                else if (argument == WithRootKey)
                {
                    options.Add((argument, null));
                }
                else
                {
                    given ??= waiting.TryDequeue(out var after) ? after : throw Bad($"{argument} needs a value");
                    options.Add((argument, given));
                }
            }

            return new CommandLine(arguments[0], DataOf(options), operands, options);
        }

        /// <exception cref="StartupException">64: too many or too few, or unknown ones.</exception>
        public void Require(int operands, params string[] known)
        {
            if (Operands.Count != operands)
            {
                throw Bad(operands == 0 ? $"{Name} takes no directory" : $"{Name} takes one directory");
            }

            var unknown = Options.FirstOrDefault(option => option.Name != DataDirectorySetting && !known.Contains(option.Name));
            if (unknown.Name is not null)
            {
                throw Bad($"unknown argument {unknown.Name} of {Name}, it takes {string.Join(", ", [.. known, DataDirectorySetting])}");
            }
        }

        private static string DataOf(List<(string Name, string? Value)> options)
        {
            var given = options.LastOrDefault(option => option.Name == DataDirectorySetting).Value
                ?? new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build()["Kms:DataDirectory"]
                ?? new CoreOptions().DataDirectory;
            return Path.GetFullPath(given);
        }

        private static StartupException Bad(string message) => new(StartupException.BadSettings, message);
    }
}
