using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Dapper;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Backups;

/// <summary>What goes into a backup.</summary>
/// <param name="Snapshots">Databases, all of one instant; stay the caller's.</param>
/// <param name="RootIds">Of the epochs of keys.db.</param>
/// <param name="RootKeys">Paths of the root keys to include; none unless the operator asked for them.</param>
/// <param name="Program">Version of this program.</param>
/// <param name="CreatedAt">The instant.</param>
public sealed record BackupContent(
    IReadOnlyList<DatabaseSnapshot> Snapshots, IReadOnlyDictionary<int, string> RootIds, IReadOnlyList<string> RootKeys, string Program, DateTimeOffset CreatedAt);

/// <summary>Writes a backup: a directory, whole or not at all, which only its owner may enter.</summary>
public static class BackupWriter
{
    /// <summary>Writes to <paramref name="target"/> and answers <c>{directory, files, epochs}</c>.</summary>
    /// <exception cref="StartupException">1: something is there already; 70: it cannot be written.</exception>
    [UnsupportedOSPlatform("windows")]
    public static JsonObject Write(string target, BackupContent content)
    {
        var staging = target + ".partial";
        MakeStaging(target, staging);
        try
        {
            var manifest = Fill(staging, content);
            Directory.Move(staging, target);
            UnixFiles.FlushDirectory(Path.GetDirectoryName(target)!);
            return Describe(target, manifest);
        }
        catch (Exception exception)
        {
            Remove(staging);
            if (exception is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
            {
                throw CannotWrite(target, exception);
            }

            throw;
        }
    }

    /// <summary>A directory that was not there: what others have put in its place may be theirs.</summary>
    private static void MakeStaging(string target, string staging)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.Exists(target) || !UnixFiles.TryMakeDirectory(staging))
            {
                throw BackupManifest.Refused($"{(Path.Exists(target) ? target : staging)} is there already; a backup overwrites nothing.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(target, exception);
        }
    }

    private static StartupException CannotWrite(string target, Exception exception) =>
        new(StartupException.CouldNotStart, $"The backup {target} cannot be written: {exception.Message}", exception);

    [UnsupportedOSPlatform("windows")]
    private static BackupManifest Fill(string staging, BackupContent content)
    {
        var files = new List<BackupFile>();
        IReadOnlyList<BackupEpoch> epochs = [];
        foreach (var snapshot in content.Snapshots)
        {
            var path = Path.Combine(staging, snapshot.Name);
            snapshot.WriteTo(path);
            using var connection = DatabaseFile.OpenToRead(path);
            files.Add(Describe(path, connection.ExecuteScalar<long>("PRAGMA user_version")));
            if (snapshot.Name == SqliteDatabase.FileName)
            {
                epochs = [.. EpochRows.Read(connection).InUse.Select(epoch =>
                    new BackupEpoch(epoch.Number, content.RootIds[epoch.Number], Convert.ToBase64String(epoch.Canary)))];
            }
        }

        files.AddRange(content.RootKeys.Select(source => Describe(CopyOf(source, staging), schema: 0)));
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, content.Program, content.CreatedAt, files, epochs);
        Write(Path.Combine(staging, BackupManifest.FileName), manifest.ToBytes());
        UnixFiles.FlushDirectory(staging);
        return manifest;
    }

    [UnsupportedOSPlatform("windows")]
    private static string CopyOf(string source, string staging)
    {
        var path = Path.Combine(staging, Path.GetFileName(source));
        using var root = RootKeyFile.Read(source);
        Write(path, root.ExposeBytes(SecretAccess.Seal));
        return path;
    }

    [UnsupportedOSPlatform("windows")]
    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, UnixFiles.NewOwnerOnly);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static BackupFile Describe(string path, long schema) =>
        new(Path.GetFileName(path), new FileInfo(path).Length, DatabaseFile.DigestOf(path), schema);

    private static JsonObject Describe(string target, BackupManifest manifest) => new()
    {
        ["directory"] = target,
        ["files"] = new JsonArray([.. manifest.Files.Select(file => new JsonObject { ["name"] = file.Name, ["bytes"] = file.Bytes })]),
        ["epochs"] = new JsonArray([.. manifest.Epochs.Select(epoch => new JsonObject { ["epoch"] = epoch.Epoch, ["rootId"] = epoch.RootId })]),
    };

    private static void Remove(string staging)
    {
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }
    }
}
