using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace KmsGateway.Gateway.Ram.Caching;

/// <summary>
/// Values read from the store, kept until something they were made from is raised: never timed out. Bounded; the least
/// recently used go first (second chance). Hits take no lock.
/// </summary>
internal sealed class DependencyCache<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<TKey, Entry> entries = new();
    private readonly Dictionary<long, HashSet<TKey>> dependents = [];
    private readonly LinkedList<Entry> order = [];
    private long changes;

    /// <summary>How many values are held.</summary>
    public int Count => entries.Count;

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

        entry.WasUsed = true;
        value = entry.Value;
        return true;
    }

    /// <summary>
    /// Keeps a value that was read after <paramref name="stamp"/> was taken. Invariant: a value is kept only when nothing was
    /// raised in between, because it may have been read before that write.
    /// </summary>
    public void Add(TKey key, TValue value, ImmutableArray<long> dependsOn, long stamp)
    {
        lock (gate)
        {
            if (changes != stamp || entries.ContainsKey(key))
            {
                return;
            }

            MakeRoom();
            var entry = new Entry(key, value, dependsOn);
            entry.Node = order.AddLast(entry);
            foreach (var dependency in dependsOn)
            {
                Dependents(dependency).Add(key);
            }

            entries[key] = entry;
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
                if (dependents.TryGetValue(dependency, out var keys))
                {
                    foreach (var key in keys.ToArray())
                    {
                        Remove(entries[key]);
                    }
                }
            }
        }
    }

    private void MakeRoom()
    {
        while (entries.Count >= capacity)
        {
            var oldest = order.First!.Value;
            if (oldest.WasUsed)
            {
                oldest.WasUsed = false;
                order.RemoveFirst();
                order.AddLast(oldest.Node!);
            }
            else
            {
                Remove(oldest);
            }
        }
    }

    private void Remove(Entry entry)
    {
        entries.TryRemove(entry.Key, out _);
        order.Remove(entry.Node!);
        foreach (var dependency in entry.DependsOn)
        {
            var keys = dependents[dependency];
            keys.Remove(entry.Key);
            if (keys.Count == 0)
            {
                dependents.Remove(dependency);
            }
        }
    }

    private HashSet<TKey> Dependents(long dependency)
    {
        if (!dependents.TryGetValue(dependency, out var keys))
        {
            dependents[dependency] = keys = [];
        }

        return keys;
    }

    private sealed class Entry(TKey key, TValue value, ImmutableArray<long> dependsOn)
    {
        public TKey Key { get; } = key;

        public TValue Value { get; } = value;

        /// <summary>Distinct.</summary>
        public ImmutableArray<long> DependsOn { get; } = [.. dependsOn.Distinct()];

        public LinkedListNode<Entry>? Node { get; set; }

        public bool WasUsed { get; set; }
    }
}
