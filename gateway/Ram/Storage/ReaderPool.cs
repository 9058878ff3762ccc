using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>Read-only connections, opened when needed and kept.</summary>
internal sealed class ReaderPool(Func<SqliteConnection> open) : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> idle = [];
    private volatile bool isClosed;

    /// <summary>Runs <paramref name="query"/> on one snapshot.</summary>
    public T Read<T>(Func<RamReader, T> query)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        var connection = idle.TryTake(out var kept) ? kept : open();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            return query(new RamReader(connection, transaction));
        }
        finally
        {
            Return(connection);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        isClosed = true;
        while (idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private void Return(SqliteConnection connection)
    {
        idle.Add(connection);
        if (isClosed)
        {
            Dispose();
        }
    }
}
