using System.Collections.Concurrent;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Http;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Keys;

/// <summary>
/// Counts the messages of versions whose nonces are random and short: 2^32 each, then encryption is refused and decryption goes
/// on. 65,536 are booked in the version's row before the first of them is used, so that no crash loses count and one wastes
/// at most that many. Past half of the limit every booking is metered, and a key with a schedule is rotated.
/// Source: crypto-core.md section 4, SP 800-38D.
/// </summary>
internal sealed partial class MessageLimit
{
    public const long Most = 1L << 32;
    public const long Half = Most / 2;
    public const long LeaseSize = 65_536;

    /// <summary>Of the leases in memory, one in so many is given up when there is no room.</summary>
    private const int GivenUp = 16;

    private const string Spent =
        "The request was rejected because the key version has encrypted as many messages as it may. What it encrypted can be decrypted.";

    private readonly ConcurrentDictionary<string, Lease> leases = new(StringComparer.Ordinal);
    private readonly Lock room = new();
    private readonly IKeyStore store;
    private readonly KeyVersions versions;
    private readonly TimeProvider clock;
    private readonly CoreMetrics metrics;
    private readonly ILogger<MessageLimit> logger;

    public MessageLimit(IKeyStore store, KeyVersions versions, TimeProvider clock, CoreMetrics metrics, ILogger<MessageLimit> logger)
    {
        (this.store, this.versions, this.clock, this.metrics, this.logger) = (store, versions, clock, metrics, logger);
        store.WhenRetired(versionId => leases.TryRemove(versionId, out _));
    }

    /// <summary>Versions with a lease in memory; beyond, those used longest ago give theirs up, at the price of what they had left.</summary>
    internal int MostLeases { get; init; } = 100_000;

    /// <summary>Counts one message that is about to be encrypted.</summary>
    /// <exception cref="KmsException">Rejected.LimitExceeded: the version has made as many as it may.</exception>
    public void Take(string keyId, string versionId)
    {
        var lease = LeaseOf(versionId);
        lease.UsedAt = clock.GetTimestamp();
        if (lease.TryTake())
        {
            return;
        }

        lock (lease)
        {
            while (!lease.TryTake())
            {
                // Why remembered: callers that go on at the limit must not make work for the writer.
                lease.IsLast = lease.IsLast || !lease.Refill(Book(keyId, versionId));
                if (lease.IsLast)
                {
                    throw KmsErrors.RejectedLimitExceeded.Because(Spent);
                }
            }
        }
    }

    private Lease LeaseOf(string versionId)
    {
        if (leases.TryGetValue(versionId, out var known))
        {
            return known;
        }

        lock (room)
        {
            if (leases.Count >= MostLeases)
            {
                GiveUpOldest();
            }

            // Why stamped here: one without a time would be the oldest for whoever makes room next.
            return leases.GetOrAdd(versionId, static (_, now) => new Lease { UsedAt = now }, clock.GetTimestamp());
        }
    }

    private void GiveUpOldest()
    {
        // Why copied: the times go on changing, and an order needs them to stand still.
        var known = leases.ToArray();
        var times = Array.ConvertAll(known, lease => lease.Value.UsedAt);
        Array.Sort(times, known);
        foreach (var (versionId, _) in known.AsSpan(0, Math.Max(1, known.Length / GivenUp)))
        {
            _ = leases.TryRemove(versionId, out _);
        }
    }

    /// <summary>A lease, durable when this returns; 0 at the limit.</summary>
    private long Book(string keyId, string versionId)
    {
        // Why waited for: it is one commit in 65,536 messages, the writer has a thread of its own, and no transaction encrypts.
        var (before, booked) = store.WriteAsync(transaction => Book(transaction, keyId, versionId)).GetAwaiter().GetResult();
        if (before >= Half && booked > 0)
        {
            metrics.LeasePastHalf();
            PastHalf(logger, versionId, keyId, before);
        }

        return booked;
    }

    private (long Before, long Booked) Book(IKeyTransaction transaction, string keyId, string versionId)
    {
        var before = transaction.CountMessages(versionId) ?? throw KmsErrors.KeyNotFound.With();
        var booked = Math.Clamp(Most - before, 0, LeaseSize);
        if (booked > 0)
        {
            transaction.SetMessages(versionId, before + booked);
        }

        if (before >= Half && transaction.FindKey(keyId) is { } key && IsToRotate(key, versionId))
        {
            _ = versions.Rotate(transaction, key, WholeMilliseconds.Of(clock.GetUtcNow()));
        }

        return (before, booked);
    }

    private static bool IsToRotate(KeyRecord key, string versionId) =>
        key.PrimaryVersion == versionId && key.RotationInterval is not null && key.State == KeyState.Enabled;

    [LoggerMessage(25, LogLevel.Warning, "Version {VersionId} of key {KeyId} has encrypted {Messages} messages, past half of what it may")]
    private static partial void PastHalf(ILogger logger, string versionId, string keyId, long messages);

    /// <summary>What is left of a booking; whoever finds nothing refills it under its lock.</summary>
    private sealed class Lease
    {
        private long left;
        private long usedAt;

        /// <summary>When a message was last taken, as the clock's timestamp.</summary>
        public long UsedAt
        {
            get => Volatile.Read(ref usedAt);
            set => Volatile.Write(ref usedAt, value);
        }

        /// <summary>Nothing more can be booked; read and written under the lock.</summary>
        public bool IsLast { get; set; }

        public bool TryTake() => Interlocked.Decrement(ref left) >= 0;

        /// <summary>False when there was nothing to fill it with.</summary>
        public bool Refill(long booked)
        {
            Interlocked.Exchange(ref left, booked);
            return booked > 0;
        }
    }
}
