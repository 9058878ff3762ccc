using System.Runtime.Versioning;
using Dapper;
using KmsGateway.Core.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Backups;

/// <summary>
/// A SQLite database (WAL) as it was at one instant: a read transaction that was begun then. Writers go on; the log grows until this is
/// disposed.
/// </summary>
public sealed class DatabaseSnapshot : IDisposable
{
    private readonly SqliteConnection source;

    private DatabaseSnapshot(SqliteConnection source) => this.source = source;

    /// <summary>File name of the database, without its directory.</summary>
    public string Name => Path.GetFileName(source.DataSource);

    /// <summary>Pins what is committed now.</summary>
    public static DatabaseSnapshot Pin(string path)
    {
        var pinned = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            pinned.Open();
            pinned.Execute("PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; BEGIN");

            // Why: a read transaction begins with the first read.
            _ = pinned.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema");
            return new DatabaseSnapshot(pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    /// <summary>Writes it to a new file, mode 0600, complete in itself and flushed.</summary>
    [UnsupportedOSPlatform("windows")]
    public void WriteTo(string path)
    {
        new FileStream(path, UnixFiles.NewOwnerOnly).Dispose();
        using (var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()))
        {
            target.Open();
            source.BackupDatabase(target);

            // Why: a copy of a database in WAL mode would want a log beside it.
            target.Execute("PRAGMA journal_mode = DELETE");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc />
    public void Dispose() => source.Dispose();
}
