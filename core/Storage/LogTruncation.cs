using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>
/// Takes destroyed records out of the write-ahead log, where their images stay until they are overwritten by chance: a
/// <c>wal_checkpoint(TRUNCATE)</c> within a second of the first that was destroyed, one for all that were destroyed meanwhile. The pages
/// in the database itself are zeroed by <c>secure_delete</c>. Runs where the connection is written through, between transactions.
/// </summary>
/// <param name="connection">The one that writes.</param>
/// <param name="clock">Of the delay.</param>
/// <param name="wake">Has <see cref="RunIfWanted"/> called soon.</param>
public sealed class LogTruncation(SqliteConnection connection, TimeProvider clock, Action wake) : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private ITimer? timer;
    private bool isWanted;
    private bool isClosed;

    /// <summary>Something was destroyed.</summary>
    public void Schedule()
    {
        lock (gate)
        {
            if (timer is null && !isClosed)
            {
                timer = clock.CreateTimer(_ => Elapse(), null, Delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The next <see cref="RunIfWanted"/> does it.</summary>
    public void Want()
    {
        lock (gate)
        {
            isWanted = true;
        }
    }

    /// <summary>Between two transactions. What a reader or a snapshot still needs is left for the next second.</summary>
    public void RunIfWanted()
    {
        lock (gate)
        {
            if (!isWanted)
            {
                return;
            }

            isWanted = false;
        }

        if (!Truncate(connection))
        {
            Schedule();
        }
    }

    /// <summary>Whether nothing is left in the log.</summary>
    public static bool Truncate(SqliteConnection connection)
    {
        try
        {
            // Why without patience: the writer must not wait for a backup that reads.
            connection.Execute("PRAGMA busy_timeout = 0");
            var isBusy = connection.QuerySingle<(long IsBusy, long, long)>("PRAGMA wal_checkpoint(TRUNCATE)").IsBusy != 0;
            connection.Execute("PRAGMA busy_timeout = 5000");
            return !isBusy;
        }
        catch (SqliteException)
        {
            // Why nothing more: a disk that fails here fails every write too, and the log, patience included, is tried again.
            return false;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            timer?.Dispose();
            timer = null;
        }
    }

    private void Elapse()
    {
        lock (gate)
        {
            timer?.Dispose();
            timer = null;
            isWanted = !isClosed;
        }

        wake();
    }
}
