using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// Does what no caller asks for when its time has come: erases keys whose waiting period is over, destroys imported material
/// that expires, rotates keys. Exactly once, whoever else tries: a transaction for each takes the lease, sees that it is still due
/// and does it, or nothing; one that cannot be done does not keep the others. What was due while nobody ran is done at the start. Callers see deletion and expiry at the very moment.
/// </summary>
internal sealed partial class ScheduledWork(
    IKeyStore store, KeyVersions versions, ImportedMaterial materials, TimeProvider clock, ILogger<ScheduledWork> logger) : BackgroundService
{
    public const string Lease = "scheduled-work";

    /// <summary>How long after a holder that died another may go on.</summary>
    internal static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(10);

    private const int MostAtOnce = 100;

    /// <summary>The one fault of the database that is a matter of one row: SQLITE_CONSTRAINT.</summary>
    private const int ConstraintViolated = 19;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string holder = Guid.NewGuid().ToString("D");

    /// <summary>Does all that is due now; what another holder is at is left to it, what fails to the next call.</summary>
    public async Task RunDueAsync()
    {
        if (!store.HasDue(clock.GetUtcNow()))
        {
            return;
        }

        var failed = new HashSet<DueItem>();
        IReadOnlyList<DueItem> items;
        do
        {
            items = await store.WriteAsync(transaction => FindItems(transaction, failed));
            // Why: all at once, so that the writer commits many together.
            var failures = await Task.WhenAll(items.Select(FailsAsync));
            failed.UnionWith(items.Where((_, index) => failures[index]));
        }
        while (items.Count == MostAtOnce);

        // Why: given back, so that whoever starts next need not wait for it to run out.
        _ = await store.WriteAsync(transaction => TakeLease(transaction, TimeSpan.Zero, out var _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await RunGuardedAsync();
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async ValueTask<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunGuardedAsync()
    {
        try
        {
            await RunDueAsync();
        }
        catch (Exception exception)
        {
            // Why: the database may serve again in a second, and the work must not end with this.
            WorkFailed(logger, exception);
        }
    }

    /// <summary>What is due, past what has failed, so that failures never fill a round; nothing while another holds the lease.</summary>
    private List<DueItem> FindItems(IKeyTransaction transaction, HashSet<DueItem> failed)
    {
        var items = new List<DueItem>();
        if (!TakeLease(transaction, LeaseLife, out var now))
        {
            return items;
        }

        foreach (var kind in DueWork.Kinds)
        {
            var due = transaction.FindDue(kind, now, MostAtOnce - items.Count + failed.Count).Select(id => new DueItem(kind, id));
            items.AddRange(due.Where(item => !failed.Contains(item)).Take(MostAtOnce - items.Count));
        }

        return items;
    }

    /// <summary>Does one item in a transaction of its own; true when it could not be done. A fault of the database is thrown.</summary>
    private async Task<bool> FailsAsync(DueItem item)
    {
        Exception? failure = null;
        try
        {
            if (await store.WriteAsync(transaction => DoIfDue(transaction, item, exception => failure = exception)))
            {
                WorkDone(logger, item.Kind, item.Id);
            }

            return false;
        }
        catch (Exception exception) when (ReferenceEquals(exception, failure))
        {
            ItemFailed(logger, exception, item.Kind, item.Id);
            return true;
        }
    }

    private bool DoIfDue(IKeyTransaction transaction, DueItem item, Action<Exception> fail)
    {
        if (!TakeLease(transaction, LeaseLife, out var now) || !transaction.IsDue(item.Kind, item.Id, now))
        {
            return false;
        }

        try
        {
            Do(item.Kind, transaction, item.Id, now);
            return true;
        }
        catch (Exception exception) when (exception is not SqliteException { SqliteErrorCode: not ConstraintViolated })
        {
            // Why: of a fault of the database the writer would undo its whole group; this is undone alone.
            var failure = new InvalidOperationException("This alone cannot be done.", exception);
            fail(failure);
            throw failure;
        }
    }

    private bool TakeLease(IKeyTransaction transaction, TimeSpan life, out DateTimeOffset now)
    {
        now = WholeMilliseconds.Of(clock.GetUtcNow());
        return transaction.TakeLease(Lease, holder, now, now + life);
    }

    private void Do(DueKind kind, IKeyTransaction transaction, string id, DateTimeOffset now)
    {
        switch (kind)
        {
            case DueKind.Deletion:
                transaction.EraseKey(id);
                break;
            case DueKind.Rotation:
                _ = versions.Rotate(transaction, transaction.FindKey(id)!, now);
                break;
            case DueKind.Expiry:
                materials.Destroy(transaction, transaction.FindKey(id)!);
                break;
            case DueKind.ImportParameters:
                transaction.EraseImportParameters(id);
                break;
            default:
                throw new InvalidOperationException("nothing is known to be done then");
        }
    }

    private sealed record DueItem(DueKind Kind, string Id);

    [LoggerMessage(20, LogLevel.Error, "Scheduled work on keys failed; tried again in a second")]
    private static partial void WorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(21, LogLevel.Information, "Scheduled {Kind} of {Id} is done")]
    private static partial void WorkDone(ILogger logger, DueKind kind, string id);

    [LoggerMessage(24, LogLevel.Error, "Scheduled {Kind} of {Id} failed; tried again in a second")]
    private static partial void ItemFailed(ILogger logger, Exception exception, DueKind kind, string id);
}
