using System.Collections.Concurrent;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// Last use of access keys: noted in memory with every proven request, to the second, and written in batches. A kill loses
/// the uses since the last batch, a graceful stop none.
/// </summary>
internal sealed class AccessKeyUsage(RamDatabase database)
{
    private const int MillisecondsPerSecond = 1000;

    private readonly ConcurrentDictionary<string, AccessKeyUse> pending = new(StringComparer.Ordinal);

    /// <summary>Takes no lock and allocates nothing while a key is used again within its second.</summary>
    public void Note(string accessKeyId, string service, DateTimeOffset at)
    {
        var second = at.ToUnixTimeSeconds() * MillisecondsPerSecond;
        if (!pending.TryGetValue(accessKeyId, out var last) || last.UsedAt < second)
        {
            pending[accessKeyId] = new AccessKeyUse(second, service);
        }
    }

    /// <summary>The last use, written or not; null when there was none.</summary>
    public AccessKeyUse? Find(RamReader reader, string accessKeyId) =>
        pending.TryGetValue(accessKeyId, out var noted) ? noted : AccessKeyUsageTable.Find(reader, accessKeyId);

    /// <summary>Writes what was noted, in one transaction; answers how many keys.</summary>
    public async Task<int> FlushAsync(CancellationToken cancellationToken)
    {
        var batch = pending.ToArray();
        if (batch.Length == 0)
        {
            return 0;
        }

        await database.WriteAsync(
            writer =>
            {
                foreach (var (accessKeyId, use) in batch)
                {
                    AccessKeyUsageTable.Record(writer, accessKeyId, use);
                }

                return true;
            },
            cancellationToken);
        foreach (var written in batch)
        {
            // Why the pair: a use that was noted meanwhile stays for the next batch.
            pending.TryRemove(written);
        }

        return batch.Length;
    }
}

/// <summary>Writes the noted uses every few seconds, and once more at the end.</summary>
internal sealed partial class AccessKeyUsageWriter(RamStore store, TimeProvider clock, ILogger<AccessKeyUsageWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Why nothing: asked to stop; the last batch is written by StopAsync.
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.Usage.FlushAsync(cancellationToken);
        }
        catch (Core.Contract.KmsException exception)
        {
            // Why go on: what could not be written stays noted and goes with the next batch.
            Log.Postponed(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1121, LogLevel.Warning, "The last use of access keys could not be written: {Reason}. Trying again.")]
        public static partial void Postponed(ILogger logger, string reason);
    }
}
