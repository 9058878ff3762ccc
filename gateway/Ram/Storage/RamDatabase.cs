using Dapper;
using KmsGateway.Core.Backups;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Rendering;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>
/// <c>ram.db</c>: one writer at a time, any number of readers (SQLite, WAL, <c>synchronous=FULL</c>). What was acknowledged
/// survives a kill at any instant. Source: decisions.md D4, D8.
/// </summary>
internal sealed class RamDatabase : IDisposable
{
    private const int BusySeconds = 5;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly TimeProvider clock;
    private readonly Action<IReadOnlyCollection<long>> onChanged;
    private readonly ReaderPool readers;
    private readonly SqliteConnection writer;
    private bool isClosed;

    private RamDatabase(string path, TimeProvider clock, Action<IReadOnlyCollection<long>> onChanged)
    {
        this.clock = clock;
        this.onChanged = onChanged;
        writer = OpenConnection(path, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
        readers = new ReaderPool(() => OpenConnection(path, "PRAGMA query_only = ON"));
    }

    /// <summary>Opens or makes the database and brings it to the current schema.</summary>
    /// <param name="path">The file; made 0600.</param>
    /// <param name="clock">Time of writes.</param>
    /// <param name="onChanged">Told the identities and policies a write raised, after its commit and before it is acknowledged.</param>
    /// <exception cref="StartupException">Not a database, damaged, or written by a newer program.</exception>
    public static RamDatabase Open(string path, TimeProvider clock, Action<IReadOnlyCollection<long>> onChanged)
    {
        RamDatabase? database = null;
        try
        {
            CreateOwnerOnly(path);
            database = new RamDatabase(path, clock, onChanged);
            RamMigrations.Apply(database.writer);
            return database;
        }
        catch (Exception exception)
        {
            database?.Dispose();
            if (exception is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new StartupException(
                    StartupException.CouldNotStart, $"The identity database {path} cannot be opened: {exception.Message}", exception);
            }

            throw;
        }
    }

    /// <summary>Runs <paramref name="query"/> on one snapshot of the committed state.</summary>
    public T Read<T>(Func<RamReader, T> query)
    {
        try
        {
            return readers.Read(query);
        }
        catch (SqliteException exception) when (IsTemporary(exception))
        {
            throw GatewayErrors.ServiceUnavailable.With();
        }
    }

    /// <summary>The rows of one prepared statement.</summary>
    public IReadOnlyList<T> List<T>(PointRead<T> read, params ReadOnlySpan<object> values)
    {
        try
        {
            return readers.List(read, values);
        }
        catch (SqliteException exception) when (IsTemporary(exception))
        {
            throw GatewayErrors.ServiceUnavailable.With();
        }
    }

    /// <summary>
    /// Runs <paramref name="change"/> as one transaction. When the task ends without an error the change is durable and no
    /// cache holds the state before it.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<RamWriter, T> change, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return Commit(change);
        }
        catch (SqliteException exception) when (IsTemporary(exception))
        {
            throw GatewayErrors.ServiceUnavailable.With();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>This database as it is now, and what <paramref name="other"/> pins in the same instant: no write is committed here meanwhile.</summary>
    public async Task<(DatabaseSnapshot Own, T Other)> PinAsync<T>(Func<Task<T>> other, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            var own = DatabaseSnapshot.Pin(writer.DataSource);
            try
            {
                return (own, await other());
            }
            catch
            {
                own.Dispose();
                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends after the write that runs now, if one does.</summary>
    public void Dispose()
    {
        gate.Wait();
        try
        {
            isClosed = true;
            readers.Dispose();
            writer.Dispose();
        }
        finally
        {
            // Why the gate itself stays: a write that waits for it must wake up and be refused, not wait for ever.
            gate.Release();
        }
    }

    private T Commit<T>(Func<RamWriter, T> change)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        using var transaction = writer.BeginTransaction(deferred: false);
        var session = new RamWriter(writer, transaction, clock.GetUtcNow());
        var result = change(session);
        try
        {
            transaction.Commit();
        }
        finally
        {
            // Why also after a failed commit: whether it reached the disk is then unknown, and a cache must not guess.
            if (session.Changed.Count > 0)
            {
                onChanged(session.Changed);
            }
        }

        return result;
    }

    private static SqliteConnection OpenConnection(string path, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA busy_timeout = 5000");
            connection.Execute(pragmas);
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CreateOwnerOnly(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }

    private static bool IsTemporary(SqliteException exception) => exception.SqliteErrorCode is
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_FULL
        or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CANTOPEN;
}
