using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// Does what no caller asks for when its time has come: erases keys whose waiting period is over, destroys imported material
/// that expires, rotates keys. Exactly once, whoever else tries: a transaction for each takes the lease, sees that it is still due
/// and does it, or nothing; one that cannot be done does not keep the others. What was due while nobody ran is done at the start.
/// Callers see deletion and expiry at the very moment.
/// </summary>
internal sealed partial class ScheduledWork(
    IKeyStore store, KeyVersions versions, ImportedMaterial materials, TimeProvider clock, ILogger<ScheduledWork> logger) : BackgroundService
{
    private const int MostAtOnce = 100;

    /// <summary>The one fault of the database that is a matter of one row: SQLITE_CONSTRAINT.</summary>
    private const int ConstraintViolated = 19;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly WorkLease lease = new(clock);
    private readonly RowBackoff backoff = new();
    private readonly DueDeeds deeds = new(versions, materials);

    /// <summary>Does all that is due now; what another holder is at is left to it, what fails is left alone for a while.</summary>
    public async Task RunDueAsync()
    {
        var now = clock.GetUtcNow();
        if (!store.HasDue(now, backoff.Waiting(now)))
        {
            return;
        }

        IReadOnlyList<DueItem> items;
        do
        {
            items = await store.WriteAsync(FindItems);
            // Why: all at once, so that the writer commits many together.
            var failures = await Task.WhenAll(items.Select(FailureAsync));
            Note(items.Zip(failures));
        }
        while (items.Count == MostAtOnce);

        _ = await store.WriteAsync(lease.GiveBack);
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

    /// <summary>What is due and not left alone; nothing while another holds the lease.</summary>
    private IReadOnlyList<DueItem> FindItems(IKeyTransaction transaction) =>
        lease.Take(transaction, out var now) ? transaction.FindDue(now, MostAtOnce, backoff.Waiting(now)) : [];

    /// <summary>Does one item in a transaction of its own; why it could not be done, or null. A fault of the database is thrown.</summary>
    private async Task<Exception?> FailureAsync(DueItem item)
    {
        Exception? failure = null;
        try
        {
            if (await store.WriteAsync(transaction => DoIfDue(transaction, item, exception => failure = exception)))
            {
                WorkDone(logger, item.Kind, item.Id);
            }

            return null;
        }
        catch (Exception exception) when (ReferenceEquals(exception, failure))
        {
            return exception;
        }
    }

    private bool DoIfDue(IKeyTransaction transaction, DueItem item, Action<Exception> fail)
    {
        if (!lease.Take(transaction, out var now) || !transaction.IsDue(item, now))
        {
            return false;
        }

        try
        {
            deeds.Do(item, transaction, now);
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

    private void Note(IEnumerable<(DueItem Item, Exception? Failure)> results)
    {
        foreach (var (item, failure) in results)
        {
            if (failure is null)
            {
                backoff.Done(item);
            }
            else
            {
                ItemFailed(logger, failure, item.Kind, item.Id, backoff.Failed(item, clock.GetUtcNow()));
            }
        }
    }

    [LoggerMessage(20, LogLevel.Error, "Scheduled work on keys failed; tried again in a second")]
    private static partial void WorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(21, LogLevel.Information, "Scheduled {Kind} of {Id} is done")]
    private static partial void WorkDone(ILogger logger, DueKind kind, string id);

    [LoggerMessage(24, LogLevel.Error, "Scheduled {Kind} of {Id} failed; tried again in {Pause}")]
    private static partial void ItemFailed(ILogger logger, Exception exception, DueKind kind, string id, TimeSpan pause);
}
