using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>Read-only connections, opened when needed and kept.</summary>
internal sealed class ReaderPool(Func<SqliteConnection> open) : IDisposable
{
    private readonly ConcurrentBag<ReadConnection> idle = [];
    private volatile bool isClosed;

    /// <summary>Runs <paramref name="query"/> on one snapshot.</summary>
    public T Read<T>(Func<RamReader, T> query)
    {
        var reader = Take();
        try
        {
            using var transaction = reader.Connection.BeginTransaction(deferred: true);
            return query(new RamReader(reader.Connection, transaction));
        }
        finally
        {
            Return(reader);
        }
    }

    /// <summary>The rows of one prepared statement.</summary>
    public IReadOnlyList<T> List<T>(PointRead<T> read, params ReadOnlySpan<object> values)
    {
        var reader = Take();
        try
        {
            return read.List(reader, values);
        }
        finally
        {
            Return(reader);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        isClosed = true;
        while (idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private ReadConnection Take()
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        return idle.TryTake(out var kept) ? kept : new ReadConnection(open());
    }

    private void Return(ReadConnection reader)
    {
        idle.Add(reader);
        if (isClosed)
        {
            Dispose();
        }
    }
}
