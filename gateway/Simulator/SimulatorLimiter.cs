using System.Collections.Concurrent;

namespace KmsGateway.Gateway.Simulator;

/// <summary>
/// How much of the machine simulations may take. It counts nothing but requests below <c>/policy/</c>, so that they slow neither
/// each other's callers nor real traffic. Source: simulator.md 2.
/// </summary>
internal sealed class SimulatorLimiter(TimeProvider clock) : IDisposable
{
    /// <summary>Requests of one AccessKey at once. One more: 400 <c>Throttling.User</c>.</summary>
    public const int Burst = 200;

    /// <summary>Requests of one AccessKey per second, in the long run.</summary>
    public const int PerSecond = 50;

    /// <summary>Requests that are computed at the same time.</summary>
    public const int MaxRunning = 2;

    /// <summary>Requests that wait for their turn. One more: 400 <c>Throttling.User</c>.</summary>
    public const int MaxWaiting = 32;

    private const int MaxBuckets = 10_000;
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(1) / PerSecond;

    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim running = new(MaxRunning);
    private int waiting;

    /// <summary>Whether this AccessKey may ask now; how long it should wait otherwise.</summary>
    public bool TryTake(string accessKeyId, out TimeSpan wait)
    {
        if (buckets.Count >= MaxBuckets && !buckets.ContainsKey(accessKeyId))
        {
            // Why: a bucket that is forgotten is a full one; only proven callers have buckets.
            buckets.Clear();
        }

        return buckets.GetOrAdd(accessKeyId, static (_, now) => new Bucket(now), clock.GetUtcNow()).TryTake(clock, out wait);
    }

    /// <summary>A turn, given back when disposed; null when too many are waiting already.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > MaxWaiting + MaxRunning)
        {
            Interlocked.Decrement(ref waiting);
            return null;
        }

        try
        {
            await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref waiting);
            throw;
        }

        return new Turn(this);
    }

    public void Dispose() => running.Dispose();

    private sealed class Bucket(DateTimeOffset now)
    {
        private readonly Lock gate = new();
        private double tokens = Burst;
        private DateTimeOffset stamp = now;

        public bool TryTake(TimeProvider clock, out TimeSpan wait)
        {
            lock (gate)
            {
                var current = clock.GetUtcNow();
                tokens = Math.Clamp(tokens + ((current - stamp) / Refill), 0, Burst);
                stamp = current;
                wait = tokens >= 1 ? TimeSpan.Zero : Refill * (1 - tokens);
                tokens -= tokens >= 1 ? 1 : 0;
                return wait == TimeSpan.Zero;
            }
        }
    }

    private sealed class Turn(SimulatorLimiter limiter) : IDisposable
    {
        private SimulatorLimiter? limiter = limiter;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref limiter, null) is { } taken)
            {
                Interlocked.Decrement(ref taken.waiting);
                taken.running.Release();
            }
        }
    }
}
