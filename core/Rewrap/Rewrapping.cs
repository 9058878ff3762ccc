using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Rewrap;

/// <summary>What a rewrap has just made durable.</summary>
internal enum RewrapStep
{
    None = 0,

    /// <summary>The next root is in its file; nothing is sealed under it.</summary>
    RootWritten,

    /// <summary>The next epoch is in the database; new records are sealed under it from here on.</summary>
    EpochBegun,

    /// <summary>A batch of records is under the new epoch.</summary>
    BatchMoved,

    /// <summary>No record is found under an old epoch; calls that may still bring one, or have read one, are waited for.</summary>
    AllMoved,

    /// <summary>No record is under an old epoch, and the old epochs are gone from the database.</summary>
    EpochRetired,

    /// <summary>The old root is erased, the new one is <c>root.key</c>.</summary>
    RootErased,
}

/// <summary>What a rewrap came to.</summary>
/// <param name="Epoch">The epoch that records are under now.</param>
/// <param name="Moved">Records sealed again by this run.</param>
/// <param name="Unopened">Records that do not open and stay as they are: <c>table/id</c>. While there are any, the old root stays too.</param>
internal sealed record RewrapOutcome(int Epoch, long Moved, IReadOnlyList<string> Unopened);

/// <summary>
/// Seals every record anew under a fresh root while the service goes on, in batches between the writes of others, and erases the old
/// root when nothing needs it. Whatever is killed where, the records open with the roots that are there, and running it again finishes
/// it. Source: crypto-core.md section 3 (seal rotation), decisions.md D4.
/// </summary>
internal sealed partial class Rewrapping(
    IKeyStore store, Sealing sealing, LiveKeys live, DataDirectory data, TimeProvider clock, ILogger<Rewrapping> logger) : IDisposable
{
    /// <summary>Records of one transaction: about 10 ms in which other writes wait.</summary>
    internal const int BatchSize = 100;

    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Told of each step; for tests, which look at what a kill would leave.</summary>
    internal Action<RewrapStep> Reached { get; set; } = _ => { };

    /// <summary>Begins a rewrap, or goes on with one that was interrupted.</summary>
    [UnsupportedOSPlatform("windows")]
    public async Task<RewrapOutcome> RunAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var epoch = await BeginAsync();
            var moved = 0L;
            do
            {
                var (count, unopened) = await MoveAllAsync(epoch, cancellationToken);
                moved += count;
                if (unopened.Count > 0)
                {
                    return new RewrapOutcome(epoch, moved, unopened);
                }
            }
            while (!await TryRetireOthersAsync(epoch, cancellationToken));
            await EraseOldRootAsync(epoch);
            return new RewrapOutcome(epoch, moved, []);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>The epoch to move to: the newest of two, or a new one.</summary>
    [UnsupportedOSPlatform("windows")]
    private async Task<int> BeginAsync()
    {
        var epochs = await store.WriteAsync(transaction => transaction.Epochs());
        if (epochs.InUse is [.., _, var unfinished])
        {
            sealing.Begin(unfinished.Number);
            return unfinished.Number;
        }

        // Why: the file of the next root is about to be written, and must not be the only one that holds the present root.
        RootSet.Settle(data, epochs);
        return await BeginNextAsync(epochs.InUse[0].Number + 1);
    }

    [UnsupportedOSPlatform("windows")]
    private async Task<int> BeginNextAsync(int epoch)
    {
        // Why not always a new one: an earlier try may have failed in the very commit, which may be there after all.
        if (!sealing.Opens(epoch))
        {
            sealing.Add(epoch, RootKeyFile.Create(data, RootKeyFile.NextName));
        }

        Reached(RewrapStep.RootWritten);
        await store.WriteAsync(transaction =>
        {
            transaction.InsertEpoch(new EpochRow(epoch, sealing.MakeCanary(epoch)));
            return true;
        });
        sealing.Begin(epoch);
        Begun(logger, epoch);
        Reached(RewrapStep.EpochBegun);
        return epoch;
    }

    /// <summary>Round by round: what was sealed under an old epoch while a round went on is found by the next.</summary>
    private async Task<(long Moved, IReadOnlyList<string> Unopened)> MoveAllAsync(int epoch, CancellationToken cancellationToken)
    {
        var moved = 0L;
        while (true)
        {
            var unopened = new List<string>();
            var movedNow = 0;
            SealedPlace? place = SealedPlace.Start;
            while (place is { } from)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (place, var count) = await store.WriteAsync(transaction => MoveBatch(transaction, epoch, from, unopened));
                movedNow += count;
                Reached(RewrapStep.BatchMoved);
            }

            moved += movedNow;
            if (movedNow == 0)
            {
                return (moved, unopened);
            }
        }
    }

    private (SealedPlace? Next, int Moved) MoveBatch(IKeyTransaction transaction, int epoch, SealedPlace from, List<string> unopened)
    {
        var (rows, next) = transaction.FindSealedUnderOthers(epoch, from, BatchSize);
        var failed = 0;
        foreach (var row in rows)
        {
            if (TrySealAgain(row, epoch) is { } sealedRecord)
            {
                transaction.SealAgain(row, epoch, sealedRecord);
            }
            else
            {
                failed++;
                unopened.Add($"{row.Table}/{row.Id}");
            }
        }

        return (next, rows.Count - failed);
    }

    private byte[]? TrySealAgain(SealedRow row, int epoch)
    {
        var secret = GC.AllocateUninitializedArray<byte>(Math.Max(0, Sealing.SecretLength(row.Sealed)), pinned: true);
        try
        {
            return sealing.TryOpen(row.Sealed, row.AssociatedData(row.Epoch), row.Epoch, secret)
                ? sealing.Seal(secret, row.AssociatedData(epoch), epoch)
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>False when a record came under an old epoch meanwhile.</summary>
    [UnsupportedOSPlatform("windows")]
    private async Task<bool> TryRetireOthersAsync(int epoch, CancellationToken cancellationToken)
    {
        // Why: a key pair that was sealed under an old epoch is stored by now, or never; so is whatever an import has read.
        var earlier = sealing.Uses.EndOfPresentAsync();
        Reached(RewrapStep.AllMoved);
        await earlier.WaitAsync(cancellationToken);
        await ProveFileAsync(epoch);
        var isRetired = await store.WriteAsync(transaction =>
        {
            if (transaction.HasSealedUnderOthers(epoch))
            {
                return false;
            }

            foreach (var old in transaction.Epochs().InUse.Where(each => each.Number != epoch))
            {
                transaction.RetireEpoch(new RetiredEpoch(old.Number, sealing.RootId(old.Number), clock.GetUtcNow()));
            }

            return true;
        });
        if (!isRetired)
        {
            return false;
        }

        // Why: a version that was read before it was sealed again may be opening now, and so may what an import has read.
        await sealing.Uses.EndOfPresentAsync().WaitAsync(cancellationToken);
        live.WithoutLoads(sealing.RetireFormer);
        Reached(RewrapStep.EpochRetired);
        return true;
    }

    /// <summary>What the process holds in memory is gone with it: the old root stays until the file of the new one opens its canary.</summary>
    [UnsupportedOSPlatform("windows")]
    private async Task ProveFileAsync(int epoch)
    {
        var epochs = await store.WriteAsync(transaction => transaction.Epochs());
        try
        {
            _ = RootSet.ProveFiles(data, epochs with { InUse = [.. epochs.InUse.Where(each => each.Number == epoch)] });
        }
        catch (StartupException exception)
        {
            throw NotOnDisk(exception);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private async Task EraseOldRootAsync(int epoch)
    {
        await store.TruncateLogAsync();
        var epochs = await store.WriteAsync(transaction => transaction.Epochs());
        try
        {
            RootSet.Settle(data, epochs);
        }
        catch (StartupException exception)
        {
            throw NotOnDisk(exception);
        }

        Finished(logger, epoch);
        Reached(RewrapStep.RootErased);
    }

    private static StartupException NotOnDisk(StartupException why) => new(
        why.ExitCode, $"{why.Message} The old root is not erased: put {RootKeyFile.NextName} back and run rewrap again, before the service stops.", why);

    [LoggerMessage(30, LogLevel.Warning, "Rewrap: new records are sealed under epoch {Epoch} from now on")]
    private static partial void Begun(ILogger logger, int epoch);

    [LoggerMessage(31, LogLevel.Warning, "Rewrap: every record is sealed under epoch {Epoch}; the old root is erased")]
    private static partial void Finished(ILogger logger, int epoch);
}
