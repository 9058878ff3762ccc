using System.Text.Json.Nodes;
using KmsGateway.Core.Backups;
using KmsGateway.Core.Control;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Startup;

namespace KmsGateway.Gateway.Custody;

/// <summary>Backups and the root of the key hierarchy, as far as they are this program's.</summary>
internal static class CustodyVerbs
{
    public static IEnumerable<OperatorVerb> All() => [new(CustodyVerbNames.Rewrap, RewrapAsync), new(CustodyVerbNames.Backup, BackupAsync)];

    private static Task<JsonObject> RewrapAsync(IServiceProvider services, JsonObject arguments, CancellationToken cancellationToken)
    {
        var core = Core(services) ?? throw Elsewhere("The root key");
#pragma warning disable CA1416 // the program refuses to run on Windows
        return core.RewrapAsync(cancellationToken);
#pragma warning restore CA1416
    }

    /// <summary>One instant for both databases: no write to ram.db is committed while keys.db is pinned, and none to keys.db either.</summary>
    private static async Task<JsonObject> BackupAsync(IServiceProvider services, JsonObject arguments, CancellationToken cancellationToken)
    {
        var core = Core(services);
        var withRootKey = (bool)arguments["withRootKey"]!;
        if (withRootKey && core is null)
        {
            throw Elsewhere("The root key");
        }

        var (ram, keys) = await services.GetRequiredService<RamStore>().Database.PinAsync(
            async () => core is null ? null : await core.PinAsync(), cancellationToken);
        using var ramLife = ram;
        using var keysLife = keys;
        var content = new BackupContent(
            keys is null ? [ram] : [keys, ram],
            core?.RootIds() ?? new Dictionary<int, string>(),
            withRootKey ? core!.RootKeyFiles() : [],
            ProgramVersion.Text,
            services.GetRequiredService<TimeProvider>().GetUtcNow());
#pragma warning disable CA1416 // the program refuses to run on Windows
        return await Task.Run(() => BackupWriter.Write((string)arguments["target"]!, content), cancellationToken);
#pragma warning restore CA1416
    }

    private static CoreAdministration? Core(IServiceProvider services) => services.GetRequiredService<StartSequence>().Core?.Administration;

    private static StartupException Elsewhere(string what) => new(
        CoreAdministration.Refused, $"{what} lies with the core, which is another process (Kms:Core:Address): run this command of the core's program there.");
}
