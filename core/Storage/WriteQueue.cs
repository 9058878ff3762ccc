using System.Collections.Concurrent;
using Dapper;
using KmsGateway.Core.Contract;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>
/// The one writer: a thread that takes what is waiting, runs each piece in a savepoint of its own, commits them together and
/// only then tells anyone. A piece that throws is undone alone; a failed commit undoes all and fails all.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private const int LargestGroup = 64;
    private const int Capacity = 4096;

    /// <summary>SQLITE_CONSTRAINT: a row that does not fit, which is the fault of its piece. Any other is a fault of the database.</summary>
    private const int Constraint = 19;

    private readonly SqliteConnection connection;
    private readonly RecordCache cache;
    private readonly TimeProvider clock;
    private readonly Action<string> retired;
    private readonly BlockingCollection<IPiece> waiting = new(Capacity);
    private readonly Thread thread;
    private readonly LogTruncation truncation;

    /// <param name="connection">The one that writes.</param>
    /// <param name="cache">Forgets what a commit changed.</param>
    /// <param name="clock">Time of transactions.</param>
    /// <param name="retired">Hears of each version whose material a commit destroyed, or may have.</param>
    public WriteQueue(SqliteConnection connection, RecordCache cache, TimeProvider clock, Action<string> retired)
    {
        this.connection = connection;
        this.cache = cache;
        this.clock = clock;
        this.retired = retired;
        truncation = new LogTruncation(connection, clock, Wake);
        thread = new Thread(Work) { IsBackground = true, Name = "keys.db writer" };
        thread.Start();
    }

    public Task<T> EnqueueAsync<T>(Func<IKeyTransaction, T> work)
    {
        var piece = new Piece<T>(work);
        return !waiting.IsAddingCompleted && waiting.TryAdd(piece)
            ? piece.Completion
            : throw KmsErrors.ServiceUnavailableTemporary.With();
    }

    /// <summary>From within a piece: the log is truncated as soon as its group is committed.</summary>
    public void TruncateLogSoon() => truncation.Want();

    /// <summary>Finishes what was accepted.</summary>
    public void Dispose()
    {
        truncation.Dispose();
        waiting.CompleteAdding();
        thread.Join();
        waiting.Dispose();
    }

    private void Work()
    {
        var group = new List<IPiece>(LargestGroup);
        foreach (var first in waiting.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < LargestGroup && waiting.TryTake(out var next))
            {
                group.Add(next);
            }

            Commit(group);
            truncation.RunIfWanted();
        }
    }

    private void Wake()
    {
        try
        {
            _ = EnqueueAsync(_ => true);
        }
        catch (Exception exception) when (exception is KmsException or InvalidOperationException)
        {
            // Why nothing: a queue that is full wakes by itself, one that is closed ends with its database.
        }
    }

    private void Commit(List<IPiece> group)
    {
        var begun = new List<SqliteKeyTransaction>(group.Count);
        try
        {
            RunInOneTransaction(group, begun);
            cache.Forget(begun);
            Retire(begun);
            TruncateLater(begun);
            group.ForEach(piece => piece.Tell());
        }
        catch (Exception exception)
        {
            // Why: every caller must hear of it, and the writer must go on. A commit that failed may have reached the disk
            // all the same (an fsync that reports an error), so nothing that was read before is believed any more, and no
            // version stays in use whose material may be gone.
            Undo();
            cache.ForgetAll();
            Retire(begun);
            TruncateLater(begun);
            group.ForEach(piece => piece.Fail(exception));
        }
    }

    /// <summary>Notes in <paramref name="begun"/> what each piece touches, also when it is undone: forgetting too much does no harm.</summary>
    private void RunInOneTransaction(List<IPiece> group, List<SqliteKeyTransaction> begun)
    {
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var piece in group)
        {
            connection.Execute("SAVEPOINT piece");
            var transaction = new SqliteKeyTransaction(connection, clock.GetUtcNow());
            begun.Add(transaction);
            if (!piece.Run(transaction))
            {
                connection.Execute("ROLLBACK TO piece");
            }

            connection.Execute("RELEASE piece");
        }

        connection.Execute("COMMIT");
    }

    private void Retire(List<SqliteKeyTransaction> transactions)
    {
        foreach (var versionId in transactions.SelectMany(transaction => transaction.RetiredVersions))
        {
            retired(versionId);
        }
    }

    private void TruncateLater(List<SqliteKeyTransaction> transactions)
    {
        if (transactions.Exists(transaction => transaction.HasDestroyed))
        {
            truncation.Schedule();
        }
    }

    private void Undo()
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Why: SQLite has already rolled back after some faults (disk full), and then there is no transaction to end.
        }
    }

    private interface IPiece
    {
        /// <summary>False when the work threw; the exception waits for <see cref="Tell"/>.</summary>
        bool Run(IKeyTransaction transaction);

        void Tell();

        void Fail(Exception exception);
    }

    private sealed class Piece<T>(Func<IKeyTransaction, T> work) : IPiece
    {
        // Why: continuations must not run on the writer's thread.
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? failure;

        public Task<T> Completion => completion.Task;

        public bool Run(IKeyTransaction transaction)
        {
            try
            {
                result = work(transaction);
                return true;
            }
            catch (Exception exception) when (exception is not SqliteException { SqliteErrorCode: not Constraint })
            {
                failure = exception;
                return false;
            }
        }

        public void Tell()
        {
            if (failure is null)
            {
                completion.SetResult(result!);
            }
            else
            {
                completion.SetException(failure);
            }
        }

        public void Fail(Exception exception) => completion.SetException(exception);
    }
}
