using KmsGateway.Core.Hosting;
using KmsGateway.Core.Storage;
using KmsGateway.Core.Tests.StateMachine;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Storage;

/// <summary>What one piece of a group, or one commit, may do to the others.</summary>
public sealed class WriteQueueTests : IAsyncDisposable
{
    private static readonly byte[] Canary = [1];

    private readonly TempDirectory directory = new();
    private readonly HeldTimers clock = new();
    private readonly FaultPlan faults = new();
    private readonly SqliteKeyStore store;

    public WriteQueueTests()
    {
        SqliteDatabase.OpenWriter(DatabasePath).Dispose();
        store = NewStore(DatabasePath);
    }

    private string DatabasePath => directory.File("keys.db");

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Piece_BreaksAConstraint_FailsAloneAndLeavesNothing()
    {
        var pieces = await InOneGroupAsync(
            store,
            transaction => transaction.InsertEpoch(new EpochRow(1, Canary)),
            transaction =>
            {
                transaction.InsertEpoch(new EpochRow(2, Canary));
                transaction.InsertEpoch(new EpochRow(1, Canary));
            },
            transaction => transaction.InsertEpoch(new EpochRow(3, Canary)));

        await pieces[0];
        await Assert.ThrowsAsync<SqliteException>(() => pieces[1]);
        await pieces[2];
        Assert.Equal([1, 3], (await store.WriteAsync(transaction => transaction.Epochs())).InUse.Select(epoch => epoch.Number));
    }

    [Fact]
    public async Task Pin_DatabaseCannotBeRead_FailsAlone()
    {
        await using var elsewhere = NewStore(directory.File("absent.db"));
        using var gate = new ManualResetEventSlim();
        var first = elsewhere.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(60)));
        var pin = elsewhere.PinAsync();
        var other = elsewhere.WriteAsync(_ => true);
        gate.Set();

        Assert.True(await first);
        var refused = await Assert.ThrowsAsync<StartupException>(() => pin);
        Assert.Contains("absent.db cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.True(await other);
    }

    [Fact]
    public async Task Pin_CommitFails_LetsTheSnapshotGo()
    {
        await Assert.ThrowsAsync<SqliteException>(() => FaultilyAsync(store.PinAsync));

        await store.WriteAsync(transaction =>
        {
            transaction.InsertEpoch(new EpochRow(9, Canary));
            return true;
        });
        using var connection = SqliteDatabase.OpenWriter(DatabasePath);
        Assert.True(LogTruncation.Truncate(connection), "a snapshot that nobody has holds the log");
    }

    [Fact]
    public async Task Commit_FailsWithSomethingDestroyed_TruncatesTheLogLater()
    {
        await store.WriteAsync(transaction => transaction.TakeLease("a", "b", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
        await Assert.ThrowsAsync<SqliteException>(() => FaultilyAsync(() => store.WriteAsync<bool>(transaction =>
        {
            // Why so: it is noted as destroyed and is not there
            Assert.Throws<InvalidOperationException>(() => transaction.EraseKey("no such key"));
            return true;
        })));
        Assert.NotEqual(0, new FileInfo(DatabasePath + "-wal").Length);

        _ = clock.Elapse();
        _ = await store.WriteAsync(_ => true);
        _ = await store.WriteAsync(_ => true);

        Assert.Equal(0, new FileInfo(DatabasePath + "-wal").Length);
    }

    /// <summary>Runs pieces behind one that is waited for, so that all are there when their group begins.</summary>
    private static async Task<Task[]> InOneGroupAsync(SqliteKeyStore store, params Action<IKeyTransaction>[] works)
    {
        using var gate = new ManualResetEventSlim();
        var first = store.WriteAsync(_ => gate.Wait(TimeSpan.FromSeconds(60)));
        Task[] pieces = [.. works.Select(work => store.WriteAsync(transaction =>
        {
            work(transaction);
            return true;
        }))];
        gate.Set();
        Assert.True(await first);
        return pieces;
    }

    /// <summary>The commit of what <paramref name="run"/> writes is done and reported as failed.</summary>
    private async Task<T> FaultilyAsync<T>(Func<Task<T>> run)
    {
        faults.Arm(new PlannedFault(1, FaultKind.AfterCommit));
        try
        {
            return await run();
        }
        finally
        {
            faults.Disarm();
        }
    }

    private SqliteKeyStore NewStore(string path)
    {
        var writer = new FaultyConnection(new SqliteConnectionStringBuilder { DataSource = DatabasePath, Pooling = false, ForeignKeys = true }.ToString(), faults);
        writer.Open();
        SqliteDatabase.Migrate(writer);
        return new SqliteKeyStore(path, writer, clock);
    }
}
