using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace KmsGateway.Gateway.Ram.Caching;

/// <summary>
/// Values read from the store, kept until something they were made from is raised: never timed out. Bounded by the sum of
/// their weights; the least recently used go first (second chance). Hits take no lock. Entries are linked through themselves:
/// a store may have a million.
/// </summary>
internal sealed class DependencyCache<TKey, TValue>(long capacity)
    where TKey : notnull
    where TValue : class
{
    /// <summary>Used entries that one addition passes over: writes wait for the same lock, however much was used.</summary>
    private const int SecondChances = 64;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<TKey, Entry> entries = new();

    // The first entry of each dependency; the others hang on its links.
    private readonly Dictionary<long, Entry> dependents = [];
    private Entry? oldest;
    private Entry? newest;
    private int count;
    private long held;
    private long changes;

    /// <summary>How many values are held.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Their weights together.</summary>
    public long Held => Volatile.Read(ref held);

    /// <summary>To be read before the store is, and given to <see cref="Add"/>.</summary>
    public long Stamp => Volatile.Read(ref changes);

    /// <summary>The value under <paramref name="key"/>, if it is held.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            value = null;
            return false;
        }

        // Why the test: a line of memory that is only read stays in every processor's cache.
        if (!entry.WasUsed)
        {
            entry.WasUsed = true;
        }

        value = entry.Value;
        return true;
    }

    /// <summary>Some value that depends on <paramref name="dependency"/>, if one is held.</summary>
    public bool TryGetDependent(long dependency, [NotNullWhen(true)] out TValue? value)
    {
        lock (gate)
        {
            value = dependents.TryGetValue(dependency, out var first) ? first.Value : null;
            return value is not null;
        }
    }

    /// <summary>
    /// Keeps a value that was read after <paramref name="stamp"/> was taken. Invariant: a value is kept only when nothing was
    /// raised in between, because it may have been read before that write.
    /// </summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="dependsOn">What it was made from.</param>
    /// <param name="stamp"><see cref="Stamp"/>, read before the store was.</param>
    /// <param name="weight">Its part of the capacity, in the same unit; what is heavier than the whole is not kept.</param>
    public void Add(TKey key, TValue value, ImmutableArray<long> dependsOn, long stamp, int weight = 1)
    {
        lock (gate)
        {
            if (changes != stamp || weight > capacity || entries.ContainsKey(key))
            {
                return;
            }

            MakeRoom(weight);
            var entry = new Entry(key, value, dependsOn, weight);
            Append(entry);
            Attach(entry);
            entries[key] = entry;
            count++;
            held += weight;
        }
    }

    /// <summary>Drops every value that depends on one of <paramref name="changed"/>; the next reader goes to the store.</summary>
    public void Invalidate(IReadOnlyCollection<long> changed)
    {
        lock (gate)
        {
            Volatile.Write(ref changes, changes + 1);
            foreach (var dependency in changed)
            {
                while (dependents.TryGetValue(dependency, out var first))
                {
                    Remove(first);
                }
            }
        }
    }

    private void MakeRoom(int weight)
    {
        var chances = SecondChances;
        while (held + weight > capacity)
        {
            var first = oldest!;
            if (first.WasUsed && chances > 0)
            {
                chances--;
                first.WasUsed = false;
                Unlink(first);
                Append(first);
            }
            else
            {
                Remove(first);
            }
        }
    }

    private void Remove(Entry entry)
    {
        entries.TryRemove(entry.Key, out _);
        Unlink(entry);
        Detach(entry);
        count--;
        held -= entry.Weight;
    }

    private void Append(Entry entry)
    {
        (entry.Older, entry.Newer) = (newest, null);
        if (newest is null)
        {
            oldest = entry;
        }
        else
        {
            newest.Newer = entry;
        }

        newest = entry;
    }

    private void Unlink(Entry entry)
    {
        if (entry.Older is null)
        {
            oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        if (entry.Newer is null)
        {
            newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }
    }

    private void Attach(Entry entry)
    {
        foreach (ref var link in entry.Links.AsSpan())
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(dependents, link.Dependency, out _);
            link.Next = first;
            if (first is not null)
            {
                first.LinkTo(link.Dependency).Previous = entry;
            }

            first = entry;
        }
    }

    private void Detach(Entry entry)
    {
        foreach (ref var link in entry.Links.AsSpan())
        {
            if (link.Next is not null)
            {
                link.Next.LinkTo(link.Dependency).Previous = link.Previous;
            }

            if (link.Previous is not null)
            {
                link.Previous.LinkTo(link.Dependency).Next = link.Next;
            }
            else if (link.Next is not null)
            {
                dependents[link.Dependency] = link.Next;
            }
            else
            {
                dependents.Remove(link.Dependency);
            }
        }
    }

    /// <summary>A place in the chain of what depends on the same.</summary>
    private struct Link
    {
        public long Dependency;
        public Entry? Previous;
        public Entry? Next;
    }

    private sealed class Entry(TKey key, TValue value, ImmutableArray<long> dependsOn, int weight)
    {
        public TKey Key { get; } = key;

        public TValue Value { get; } = value;

        public Entry? Older { get; set; }

        public Entry? Newer { get; set; }

        public Link[] Links { get; } = [.. dependsOn.Distinct().Select(dependency => new Link { Dependency = dependency })];

        public int Weight { get; } = weight;

        public bool WasUsed { get; set; }

        public ref Link LinkTo(long dependency)
        {
            var at = 0;
            while (Links[at].Dependency != dependency)
            {
                at++;
            }

            return ref Links[at];
        }
    }
}
