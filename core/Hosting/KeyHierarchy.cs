using System.Collections.Immutable;
using System.Runtime.Versioning;
using Dapper;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Hosting;

/// <summary>Opens the data directory in the order of decisions.md D4: root.key, keys.db, and the proof that they belong together.</summary>
internal static class KeyHierarchy
{
    /// <exception cref="StartupException">Anything that must not be repaired by guessing: exit 70.</exception>
    [UnsupportedOSPlatform("windows")]
    public static (Sealing Sealing, SqliteKeyStore Store) Open(DataDirectory directory, TimeProvider clock)
    {
        var path = directory.FilePath(SqliteDatabase.FileName);
        SqliteConnection? writer = null;
        try
        {
            writer = SqliteDatabase.OpenWriter(path);
            SqliteDatabase.RefuseNewer(writer);

            // Why now: what was destroyed just before a kill is in the log still, and nobody reads yet.
            _ = LogTruncation.Truncate(writer);
            var sealing = OpenSealing(directory, writer, clock);
            var store = new SqliteKeyStore(path, writer, clock);
            writer = null;
            return (sealing, store);
        }
        catch (SqliteException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, $"{path} cannot be opened: {exception.Message}", exception);
        }
        finally
        {
            writer?.Dispose();
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static Sealing OpenSealing(DataDirectory directory, SqliteConnection writer, TimeProvider clock)
    {
        var hasRecords = HasRecords(writer);
        using var roots = ReadRoots(directory, hasRecords);
        SqliteDatabase.Migrate(writer);
        if (!hasRecords)
        {
            InsertFirstEpoch(writer, roots.First, clock);
        }

        var proved = roots.Prove(EpochRows.Read(writer), SqliteDatabase.FileName);
        RootSet.Settle(directory, proved);
        var byEpoch = proved.ToImmutableDictionary(each => each.Key, each => each.Value.Root);
        try
        {
            return new Sealing(byEpoch, sealing => CoreSecrets.OpenOrCreate(writer, sealing, CoreSecrets.ImportTokens));
        }
        catch (SealedRecordException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, $"{SqliteDatabase.FileName} was altered: {exception.Message}", exception);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static RootSet ReadRoots(DataDirectory directory, bool hasRecords)
    {
        var roots = RootSet.Read(directory);
        if (roots.IsEmpty)
        {
            return hasRecords
                ? throw new StartupException(
                    StartupException.CouldNotStart,
                    $"keys.db holds records but {directory.FilePath(RootKeyFile.Name)} is missing; restore it, nothing can be opened without it.")
                : new RootSet([(RootKeyFile.Name, RootKeyFile.Create(directory, RootKeyFile.Name))]);
        }

        return roots;
    }

    private static bool HasRecords(SqliteConnection connection) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'seal_epochs'") > 0
        && connection.ExecuteScalar<long>("SELECT count(*) FROM seal_epochs") > 0;

    private static void InsertFirstEpoch(SqliteConnection connection, KeyMaterial root, TimeProvider clock) => EpochRows.Insert(
        connection, new EpochRow(Sealing.FirstEpoch, Sealing.MakeCanary(root, Sealing.FirstEpoch)), clock.GetUtcNow());
}
