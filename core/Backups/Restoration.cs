using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Backups;

/// <summary>A database that a program restores.</summary>
/// <param name="Name">Its file.</param>
/// <param name="NewestSchema">The newest this program knows.</param>
public sealed record RestorePart(string Name, long NewestSchema)
{
    /// <summary>keys.db.</summary>
    public static RestorePart Keys { get; } = new(SqliteDatabase.FileName, SqliteDatabase.Migrations()[^1].Number) { Adjust = RestoredCounters.Advance };

    /// <summary>What is done to the restored file, by its path, before anything may start on it.</summary>
    public Action<string>? Adjust { get; init; }
}

/// <summary>What an operator wants restored.</summary>
/// <param name="Backup">Absolute path of its directory.</param>
/// <param name="DataDirectory">Absolute path; absent or empty.</param>
/// <param name="Holder">Who takes the data directory.</param>
/// <param name="RootKeys">Paths of root keys, besides those in the backup.</param>
/// <param name="Parts">What this program keeps; all of it must be in the backup.</param>
public sealed record RestoreOrder(
    string Backup, string DataDirectory, string Holder, IReadOnlyList<string> RootKeys, IReadOnlyList<RestorePart> Parts);

/// <summary>
/// Puts a backup into an empty data directory, when all of it is whole, of a known schema and opened by the root keys at hand. A restore
/// that was interrupted leaves a mark, and nothing starts on it.
/// </summary>
public static class Restoration
{
    /// <summary>Restores and answers <c>{dataDirectory, createdAt, files, epochs}</c>.</summary>
    /// <exception cref="StartupException">1: the backup or the roots are not right; 64: an argument; 70: the data directory is not.</exception>
    [UnsupportedOSPlatform("windows")]
    public static JsonObject Run(RestoreOrder order)
    {
        ProcessHardening.ApplyToCommand();
        RefuseUsed(order.DataDirectory);
        var manifest = BackupManifest.Read(order.Backup);
        foreach (var part in order.Parts)
        {
            Check(order.Backup, manifest, part);
        }

        using var roots = new RootSet(ReadRoots(order, manifest));
        var proved = order.Parts.Contains(RestorePart.Keys) ? Prove(order, roots) : ImmutableDictionary<int, (string Name, KeyMaterial Root)>.Empty;
        try
        {
            using var data = Take(order);
            Fill(data, order, manifest, proved);
        }
        finally
        {
            foreach (var (_, root) in proved.Values)
            {
                root.Dispose();
            }
        }

        return new JsonObject
        {
            ["dataDirectory"] = order.DataDirectory,
            ["createdAt"] = manifest.CreatedAt,
            ["files"] = new JsonArray([.. order.Parts.Select(part => JsonValue.Create(part.Name))]),
            ["epochs"] = new JsonArray([.. proved.Keys.Order().Select(epoch => JsonValue.Create(epoch))]),
        };
    }

    private static void RefuseUsed(string directory)
    {
        // Why these two: what taking the directory leaves behind, and what a file system has at its root.
        var found = Directory.Exists(directory)
            ? Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Where(name => name is not ("lock" or "lost+found")).Order(StringComparer.Ordinal).ToArray()
            : [];
        if (found.Length > 0)
        {
            throw new StartupException(
                StartupException.CouldNotStart, $"The data directory {directory} is not empty (it holds {found[0]}); a backup is restored into an empty one.");
        }
    }

    private static void Check(string backup, BackupManifest manifest, RestorePart part)
    {
        var file = manifest.Files.FirstOrDefault(each => each.Name == part.Name)
            ?? throw BackupManifest.Refused($"The backup {backup} holds no {part.Name}.");
        RefuseDamaged(backup, file);
        using var connection = DatabaseFile.OpenToRead(Path.Combine(backup, part.Name));
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            if (command.ExecuteScalar() is long schema && schema > part.NewestSchema)
            {
                throw BackupManifest.Refused(string.Create(
                    CultureInfo.InvariantCulture, $"{part.Name} of the backup has schema {schema}, this program knows {part.NewestSchema}: use a newer program."));
            }

            command.CommandText = "PRAGMA quick_check(1)";
            if (command.ExecuteScalar() as string != "ok")
            {
                throw BackupManifest.Refused($"{part.Name} of the backup is damaged: SQLite's own check fails.");
            }
        }
        catch (SqliteException exception)
        {
            throw BackupManifest.Refused($"{part.Name} of the backup is damaged: {exception.Message}");
        }
    }

    private static void RefuseDamaged(string backup, BackupFile file)
    {
        var path = Path.Combine(backup, file.Name);
        if (!File.Exists(path))
        {
            throw BackupManifest.Refused($"The backup {backup} is incomplete: {file.Name} is missing.");
        }

        if (new FileInfo(path).Length != file.Bytes || !string.Equals(DatabaseFile.DigestOf(path), file.Sha256, StringComparison.Ordinal))
        {
            throw BackupManifest.Refused($"The backup {backup} is damaged: {file.Name} is not what the manifest says (length or SHA-256).");
        }
    }

    private static List<(string Name, KeyMaterial Root)> ReadRoots(RestoreOrder order, BackupManifest manifest)
    {
        var roots = new List<(string Name, KeyMaterial Root)>();
        foreach (var path in order.RootKeys)
        {
            roots.Add(File.Exists(path)
                ? (path, RootKeyFile.Read(path))
                : throw new StartupException(StartupException.BadSettings, $"There is no root key {path}."));
        }

        foreach (var file in manifest.Files.Where(file => RootKeyFile.Names.Contains(file.Name)))
        {
            RefuseDamaged(order.Backup, file);
            var path = Path.Combine(order.Backup, file.Name);
            roots.Add((path, RootKeyFile.Read(path)));
        }

        return roots;
    }

    private static ImmutableDictionary<int, (string Name, KeyMaterial Root)> Prove(RestoreOrder order, RootSet roots)
    {
        if (roots.IsEmpty)
        {
            throw new StartupException(
                StartupException.BadSettings, $"The backup {order.Backup} does not hold the root key it needs: name it with --root-key FILE.");
        }

        using var connection = DatabaseFile.OpenToRead(Path.Combine(order.Backup, SqliteDatabase.FileName));
        try
        {
            return roots.Prove(EpochRows.Read(connection), "the backup");
        }
        catch (StartupException exception)
        {
            throw BackupManifest.Refused($"{exception.Message} A backup is opened by the root key of its time only; its manifest names the rootId.");
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static DataDirectory Take(RestoreOrder order)
    {
        try
        {
            return DataDirectory.Open(order.DataDirectory, order.Holder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                StartupException.CouldNotStart, $"The data directory {order.DataDirectory} cannot be used: {exception.Message}", exception);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Fill(
        DataDirectory data, RestoreOrder order, BackupManifest manifest, ImmutableDictionary<int, (string Name, KeyMaterial Root)> roots)
    {
        RefuseUsed(data.Path);
        try
        {
            data.WriteOwnerOnly(DataDirectory.RestoreMark, "an unfinished restore"u8);
            var ordered = roots.OrderBy(root => root.Key).ToArray();
            for (var index = 0; index < ordered.Length; index++)
            {
                // Why in this order: with two epochs the older root is root.key, as rewrap had left it.
                data.WriteOwnerOnly(RootKeyFile.Names[index], ordered[index].Value.Root.ExposeBytes(SecretAccess.Seal));
            }

            foreach (var part in order.Parts)
            {
                Copy(Path.Combine(order.Backup, part.Name), data.FilePath(part.Name), manifest.Files.First(file => file.Name == part.Name));
            }

            foreach (var part in order.Parts)
            {
                part.Adjust?.Invoke(data.FilePath(part.Name));
            }

            UnixFiles.FlushDirectory(data.Path);
            File.Delete(data.FilePath(DataDirectory.RestoreMark));
            UnixFiles.FlushDirectory(data.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StartupException(
                StartupException.CouldNotStart, $"The restore into {data.Path} failed half way: {exception.Message} Empty it and restore again.", exception);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Copy(string source, string target, BackupFile file)
    {
        using (var from = File.OpenRead(source))
        using (var to = new FileStream(target, UnixFiles.NewOwnerOnly))
        {
            from.CopyTo(to);
            to.Flush(flushToDisk: true);
        }

        if (!string.Equals(DatabaseFile.DigestOf(target), file.Sha256, StringComparison.Ordinal))
        {
            throw new IOException($"{file.Name} changed while it was copied.");
        }
    }
}
