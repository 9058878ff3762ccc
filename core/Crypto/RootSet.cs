using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Crypto;

/// <summary>Root keys that are at hand, and which of them belong to the epochs of a database. Disposes those it was not asked to hand over.</summary>
internal sealed class RootSet(IEnumerable<(string Name, KeyMaterial Root)> roots) : IDisposable
{
    private readonly ImmutableArray<(string Name, KeyMaterial Root)> known = [.. roots];
    private readonly HashSet<KeyMaterial> handedOver = [];

    public bool IsEmpty => known.IsEmpty;

    public KeyMaterial First => known[0].Root;

    /// <summary>Those that lie in a data directory.</summary>
    /// <exception cref="StartupException">One is malformed, open to others, or cannot be read.</exception>
    [UnsupportedOSPlatform("windows")]
    public static RootSet Read(DataDirectory directory) => new(
        from name in RootKeyFile.Names
        let root = RootKeyFile.TryRead(directory.FilePath(name))
        where root is not null
        select (name, root));

    /// <summary>
    /// Proves that the root of every epoch lies in a data directory, and does what a rewrap that was killed near its end had left to do.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    public static void Settle(DataDirectory directory, EpochRows epochs) => Settle(directory, ProveFiles(directory, epochs));

    public static void Settle(DataDirectory directory, ImmutableDictionary<int, (string Name, KeyMaterial Root)> proved)
    {
        if (proved.Count == 1 && proved.Values.Single().Name == RootKeyFile.NextName)
        {
            RootKeyFile.Promote(directory);
        }
    }

    /// <summary>Proves that the root of every epoch lies in a data directory; answers under which name, with roots that are disposed.</summary>
    [UnsupportedOSPlatform("windows")]
    public static ImmutableDictionary<int, (string Name, KeyMaterial Root)> ProveFiles(DataDirectory directory, EpochRows epochs)
    {
        using var roots = Read(directory);
        var proved = roots.Prove(epochs, SqliteDatabase.FileName);
        foreach (var (_, root) in proved.Values)
        {
            root.Dispose();
        }

        return proved;
    }

    /// <summary>The root of every epoch, each proved by its canary, and the name it came under; the caller owns them from now on.</summary>
    /// <param name="epochs">Of the database.</param>
    /// <param name="database">Its name, for messages.</param>
    /// <exception cref="StartupException">An epoch has no root here: 70, with the reason as far as it can be known.</exception>
    public ImmutableDictionary<int, (string Name, KeyMaterial Root)> Prove(EpochRows epochs, string database)
    {
        var proved = epochs.InUse.ToImmutableDictionary(epoch => epoch.Number, epoch => RootOf(epoch, epochs, database));
        handedOver.UnionWith(proved.Values.Select(root => root.Root));
        return proved;
    }

    public void Dispose()
    {
        foreach (var (_, root) in known.Where(root => !handedOver.Contains(root.Root)))
        {
            root.Dispose();
        }
    }

    private (string Name, KeyMaterial Root) RootOf(EpochRow epoch, EpochRows epochs, string database)
    {
        foreach (var (name, root) in known)
        {
            if (Sealing.OpensCanary(root, epoch.Canary, epoch.Number))
            {
                return (name, root);
            }
        }

        throw new StartupException(StartupException.CouldNotStart, WhyNone(epoch, epochs, database));
    }

    private string WhyNone(EpochRow epoch, EpochRows epochs, string database)
    {
        foreach (var (name, root) in known)
        {
            var id = Sealing.RootId(root);
            if (epochs.Retired.FirstOrDefault(each => each.RootId.AsSpan().SequenceEqual(id)) is { } retired)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is the root of epoch {retired.Number}, which rewrap replaced at {retired.RetiredAt:yyyy-MM-ddTHH:mm:ssZ}; {database} needs the root of epoch {epoch.Number}.");
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(" and ", known.Select(root => root.Name))} does not belong to {database}: the canary of epoch {epoch.Number} does not open.");
    }
}
