using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using KmsGateway.Core.Backups;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Rewrap;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Hosting;

/// <summary>What an operator asks of a core that serves: standalone through its own control socket, embedded through the gateway's.</summary>
public sealed class CoreAdministration
{
    /// <summary>Exit code: the request is well formed and cannot be fulfilled.</summary>
    public const int Refused = 1;

    private const int ShownIds = 20;

    private readonly IKeyStore store;
    private readonly Sealing sealing;
    private readonly Rewrapping rewrapping;

    internal CoreAdministration(IKeyStore store, Sealing sealing, Rewrapping rewrapping, DataDirectory data)
    {
        this.store = store;
        this.sealing = sealing;
        this.rewrapping = rewrapping;
        DataDirectory = data;
    }

    /// <summary>Where keys.db and root.key lie.</summary>
    public DataDirectory DataDirectory { get; }

    /// <summary>Seals everything under a fresh root, or finishes doing so: <c>{epoch, moved, rootId}</c>.</summary>
    /// <exception cref="StartupException">1: records that do not open keep the old root; the message names them.</exception>
    [UnsupportedOSPlatform("windows")]
    public async Task<JsonObject> RewrapAsync(CancellationToken cancellationToken)
    {
        var outcome = await rewrapping.RunAsync(cancellationToken);
        return outcome.Unopened.Count == 0
            ? new JsonObject { ["epoch"] = outcome.Epoch, ["moved"] = outcome.Moved, ["rootId"] = RootIdOf(outcome.Epoch) }
            : throw new StartupException(Refused, Unopened(outcome));
    }

    /// <summary>keys.db as it is now: every acknowledged write and nothing later. The caller disposes it.</summary>
    public Task<DatabaseSnapshot> PinAsync() => store.PinAsync();

    /// <summary>Ids of the roots in use, by epoch.</summary>
    public IReadOnlyDictionary<int, string> RootIds() => sealing.Epochs.ToDictionary(epoch => epoch, RootIdOf);

    /// <summary>The files of the roots in use.</summary>
    public IReadOnlyList<string> RootKeyFiles() => [.. RootKeyFile.Names.Select(DataDirectory.FilePath).Where(File.Exists)];

    private static string Unopened(RewrapOutcome outcome)
    {
        var ids = string.Join(", ", outcome.Unopened.Take(ShownIds)) + (outcome.Unopened.Count > ShownIds ? ", ..." : string.Empty);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Moved} records are under epoch {outcome.Epoch} now, {outcome.Unopened.Count} do not open and keep the old root: {ids}. Bring them back from a backup or delete their keys, then run rewrap again.");
    }

    private string RootIdOf(int epoch) => Convert.ToHexStringLower(sealing.RootId(epoch));
}
