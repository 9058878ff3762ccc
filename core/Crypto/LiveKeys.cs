using System.Collections.Concurrent;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// Key versions ready for use, so that a call on a known key opens no seal. Bounded in number and in idle time; a version
/// that leaves is zeroed when its last user is done. Source: crypto-core.md section 7.
/// </summary>
internal sealed class LiveKeys : IDisposable
{
    /// <summary>Enough for one key with all the versions that the quota allows, and as much again.</summary>
    public const int DefaultCapacity = 20_000;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Lock loading = new();
    private readonly int capacity;
    private readonly TimeProvider clock;
    private readonly ITimer sweeper;

    public LiveKeys(TimeProvider clock, int capacity = DefaultCapacity)
    {
        this.clock = clock;
        this.capacity = capacity;
        sweeper = clock.CreateTimer(_ => EvictIdle(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public int Count => entries.Count;

    /// <summary>The versions that are here.</summary>
    public IEnumerable<string> VersionIds => entries.Keys;

    /// <summary>The version, loaded by <paramref name="load"/> when it is not here; the caller disposes the lease.</summary>
    public Lease Acquire(string versionId, Func<string, IKeyHandle> load)
    {
        while (true)
        {
            if (entries.TryGetValue(versionId, out var entry) && entry.TryUse(clock.GetTimestamp()))
            {
                return new Lease(entry);
            }

            Load(versionId, load);
        }
    }

    /// <summary>Drops a version whose material is no more. A load that began before this has ended, one that begins now finds none.</summary>
    public void Forget(string versionId)
    {
        lock (loading)
        {
            Evict(versionId);
        }
    }

    /// <summary>Runs <paramref name="work"/> while no version is being loaded: loads that began before have ended.</summary>
    public void WithoutLoads(Action work)
    {
        lock (loading)
        {
            work();
        }
    }

    public void EvictIdle()
    {
        foreach (var (versionId, entry) in entries)
        {
            if (clock.GetElapsedTime(entry.LastUsed) > IdleLimit)
            {
                Evict(versionId);
            }
        }
    }

    public void Dispose()
    {
        sweeper.Dispose();
        foreach (var versionId in entries.Keys)
        {
            Evict(versionId);
        }
    }

    private void Load(string versionId, Func<string, IKeyHandle> load)
    {
        // Why: one load at a time keeps two callers from opening the same seal; a load takes tens of microseconds.
        lock (loading)
        {
            if (entries.ContainsKey(versionId))
            {
                return;
            }

            MakeRoom();
            entries[versionId] = new Entry(load(versionId), clock.GetTimestamp());
        }
    }

    private void MakeRoom()
    {
        if (entries.Count < capacity)
        {
            return;
        }

        // Why: a sixteenth at once, so that a full cache is not searched for every load.
        var leaving = Math.Max(1, capacity / 16);
        foreach (var (versionId, _) in entries.OrderBy(entry => entry.Value.LastUsed).Take(leaving).ToArray())
        {
            Evict(versionId);
        }
    }

    private void Evict(string versionId)
    {
        if (entries.TryRemove(versionId, out var entry))
        {
            entry.Release();
        }
    }

    /// <summary>A use of one version; disposing it ends the use.</summary>
    internal readonly struct Lease : IDisposable
    {
        private readonly Entry entry;

        public Lease(Entry entry) => this.entry = entry;

        public IKeyHandle Handle => entry.Handle;

        public void Dispose() => entry.Release();
    }

    /// <summary>Counts its users; the cache is one of them.</summary>
    internal sealed class Entry(IKeyHandle handle, long loadedAt)
    {
        private int users = 1;
        private long lastUsed = loadedAt;

        public IKeyHandle Handle => handle;

        public long LastUsed => Volatile.Read(ref lastUsed);

        public bool TryUse(long now)
        {
            var seen = Volatile.Read(ref users);
            while (seen > 0)
            {
                var before = Interlocked.CompareExchange(ref users, seen + 1, seen);
                if (before == seen)
                {
                    Volatile.Write(ref lastUsed, now);
                    return true;
                }

                seen = before;
            }

            return false;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref users) == 0)
            {
                handle.Dispose();
            }
        }
    }
}
