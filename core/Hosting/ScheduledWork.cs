using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// Does what no caller asks for when its time has come: erases keys whose waiting period is over, destroys imported material
/// that expires, rotates keys. Exactly once, whoever else tries: a transaction takes the lease, finds what is due and does it, or
/// none of it. What was due while nobody ran is done at the start. Callers see deletion and expiry at the very moment.
/// </summary>
internal sealed partial class ScheduledWork(
    IKeyStore store, KeyVersions versions, ImportedMaterial materials, TimeProvider clock, ILogger<ScheduledWork> logger) : BackgroundService
{
    public const string Lease = "scheduled-work";

    /// <summary>How long after a holder that died another may go on.</summary>
    internal static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(10);

    private const int MostInOneTransaction = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string holder = Guid.NewGuid().ToString("D");

    /// <summary>Does all that is due now; what another holder is at is left to it.</summary>
    public async Task RunDueAsync()
    {
        var isMore = store.HasDue(clock.GetUtcNow());
        while (isMore)
        {
            var batch = await store.WriteAsync(RunBatch);
            foreach (var (kind, id) in batch.Done)
            {
                WorkDone(logger, kind, id);
            }

            isMore = batch.IsMore;
        }
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
            // Why: nothing of a failed transaction is kept, and the work of all other keys must not end with it.
            WorkFailed(logger, exception);
        }
    }

    private Batch RunBatch(IKeyTransaction transaction)
    {
        var now = WholeMilliseconds.Of(clock.GetUtcNow());
        if (!transaction.TakeLease(Lease, holder, now, now + LeaseLife))
        {
            return new Batch([], IsMore: false);
        }

        var done = new List<(DueKind Kind, string Id)>();
        foreach (var kind in DueWork.Kinds)
        {
            foreach (var id in transaction.FindDue(kind, now, MostInOneTransaction - done.Count))
            {
                Do(kind, transaction, id, now);
                done.Add((kind, id));
            }
        }

        var isMore = done.Count == MostInOneTransaction;
        if (!isMore)
        {
            // Why: given back with the work itself, so that whoever starts next need not wait for it to run out.
            _ = transaction.TakeLease(Lease, holder, now, now);
        }

        return new Batch(done, isMore);
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

    private sealed record Batch(IReadOnlyList<(DueKind Kind, string Id)> Done, bool IsMore);

    [LoggerMessage(20, LogLevel.Error, "Scheduled work on keys failed; tried again in a second")]
    private static partial void WorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(21, LogLevel.Information, "Scheduled {Kind} of {Id} is done")]
    private static partial void WorkDone(ILogger logger, DueKind kind, string id);
}
