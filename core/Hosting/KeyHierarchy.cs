using System.Globalization;
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
        KeyMaterial? root = null;
        try
        {
            writer = SqliteDatabase.OpenWriter(path);
            SqliteDatabase.RefuseNewer(writer);
            root = RootKeyFile.LoadOrCreate(directory, HasRecords(writer));
            SqliteDatabase.Migrate(writer);
            var sealing = new Sealing(root);
            RequireCanary(writer, sealing, clock);
            var store = new SqliteKeyStore(path, writer, clock);
            writer = null;
            root = null;
            return (sealing, store);
        }
        catch (SqliteException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, $"{path} cannot be opened: {exception.Message}", exception);
        }
        finally
        {
            root?.Dispose();
            writer?.Dispose();
        }
    }

    private static bool HasRecords(SqliteConnection connection) =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'seal_epochs'") > 0
        && connection.ExecuteScalar<long>("SELECT count(*) FROM seal_epochs") > 0;

    private static void RequireCanary(SqliteConnection connection, Sealing sealing, TimeProvider clock)
    {
        var canaries = connection.Query<(int Epoch, byte[] Canary)>("SELECT epoch, canary FROM seal_epochs").AsList();
        foreach (var (epoch, canary) in canaries)
        {
            if (!sealing.OpensCanary(canary, epoch))
            {
                throw new StartupException(
                    StartupException.CouldNotStart,
                    string.Create(CultureInfo.InvariantCulture, $"root.key does not belong to keys.db: the canary of epoch {epoch} does not open."));
            }
        }

        if (canaries.Count == 0)
        {
            connection.Execute(
                "INSERT INTO seal_epochs (epoch, canary, created_at) VALUES (@epoch, @canary, @now)",
                new
                {
                    epoch = Sealing.FirstEpoch,
                    canary = sealing.MakeCanary(Sealing.FirstEpoch),
                    now = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                });
        }
    }
}
