namespace KmsGateway.Core.Crypto.Pkcs11.Sessions;

/// <summary>
/// The objects of loaded key versions in one generation: counted references, destroyed when the last user is done (SoftHSM answers
/// an object destroyed in use with errors that accuse the key), single-flight loads, and a bound on their number, the longest unused
/// leaving first. Source: crypto-core.md section 5.
/// </summary>
internal sealed class TokenHandles(int capacity, Action<ObjectHandle> destroy)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> byUse = new();

    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>
    /// The version's object, loaded by <paramref name="load"/> when it is not here; callers that come meanwhile wait for the same
    /// load and share its failure, after which the next caller loads again. The caller disposes the lease.
    /// </summary>
    public async Task<Lease> AcquireAsync(string versionId, Func<Task<ObjectHandle>> load)
    {
        var entry = Enter(versionId);
        try
        {
            return new Lease(this, entry, await entry.LoadAsync(load));
        }
        catch
        {
            Forget(versionId, entry);
            Release(entry);
            throw;
        }
    }

    /// <summary>Forgets a version that is deleted, or whose handle the token no longer knows; its users finish first.</summary>
    public void Evict(string versionId) => Forget(versionId, expected: null);

    private Entry Enter(string versionId)
    {
        Entry? leaving = null;
        Entry entry;
        lock (gate)
        {
            if (entries.TryGetValue(versionId, out var node))
            {
                byUse.Remove(node);
            }
            else
            {
                leaving = entries.Count >= capacity ? RemoveLongestUnused() : null;
                node = new LinkedListNode<Entry>(new Entry(versionId));
                entries.Add(versionId, node);
            }

            byUse.AddLast(node);
            entry = node.Value;
            entry.Users++;
        }

        ReleaseIfAny(leaving);
        return entry;
    }

    private Entry RemoveLongestUnused()
    {
        var first = byUse.First!;
        byUse.RemoveFirst();
        entries.Remove(first.Value.VersionId);
        return first.Value;
    }

    private void Forget(string versionId, Entry? expected)
    {
        Entry? leaving = null;
        lock (gate)
        {
            if (entries.TryGetValue(versionId, out var node) && (expected is null || ReferenceEquals(node.Value, expected)))
            {
                entries.Remove(versionId);
                byUse.Remove(node);
                leaving = node.Value;
            }
        }

        ReleaseIfAny(leaving);
    }

    private void ReleaseIfAny(Entry? entry)
    {
        if (entry is not null)
        {
            Release(entry);
        }
    }

    private void Release(Entry entry)
    {
        bool isLast;
        lock (gate)
        {
            isLast = --entry.Users == 0;
        }

        if (isLast && entry.Loaded is { } handle)
        {
            destroy(handle);
        }
    }

    /// <summary>A use of one version; disposing it, once, ends the use.</summary>
    internal sealed class Lease : IDisposable
    {
        private readonly TokenHandles owner;
        private Entry? entry;

        internal Lease(TokenHandles owner, Entry entry, ObjectHandle handle) => (this.owner, this.entry, Handle) = (owner, entry, handle);

        public ObjectHandle Handle { get; }

        public void Dispose() => owner.ReleaseIfAny(Interlocked.Exchange(ref entry, null));
    }

    /// <summary>Counts its users; being in the cache is one of them.</summary>
    internal sealed class Entry(string versionId)
    {
        private readonly Lock starting = new();
        private Task<ObjectHandle>? loading;

        public string VersionId { get; } = versionId;

        /// <summary>Guarded by the cache's gate.</summary>
        public int Users { get; set; } = 1;

        public ObjectHandle? Loaded { get; private set; }

        public Task<ObjectHandle> LoadAsync(Func<Task<ObjectHandle>> load)
        {
            lock (starting)
            {
                return loading ??= LoadedAsync(load);
            }
        }

        private async Task<ObjectHandle> LoadedAsync(Func<Task<ObjectHandle>> load)
        {
            var handle = await load();
            Loaded = handle;
            return handle;
        }
    }
}
