using KmsGateway.Core.Contract;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// Erases keys whose waiting period is over, also while nobody writes: every transaction does so first, so an empty one is
/// enough. Callers stop seeing such keys at the very moment, erased or not.
/// </summary>
internal sealed partial class DeletionSweep(IKeyStore store, TimeProvider clock, ILogger<DeletionSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await SweepAsync();
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

    private async Task SweepAsync()
    {
        try
        {
            _ = await store.WriteAsync(_ => true);
        }
        catch (Exception exception) when (exception is SqliteException or KmsException)
        {
            SweepFailed(logger, exception);
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "Keys past their waiting period could not be erased; tried again later")]
    private static partial void SweepFailed(ILogger logger, Exception exception);
}
