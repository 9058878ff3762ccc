using System.Collections.Concurrent;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Storage;

/// <summary>
/// Committed keys and aliases. The writer forgets what a transaction changed after its commit and before anyone is told of
/// it, so what is found here is never older than the last acknowledged write. Bounded: when full, a table starts anew.
/// </summary>
internal sealed class RecordCache(int capacity)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, KeyRecord> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<AliasName, AliasRecord> aliases = new();
    private readonly ConcurrentDictionary<string, string> keysOfVersions = new(StringComparer.Ordinal);

    // Why: a version that is not there must be told as fast as one that is (decisions.md D6), whatever is written meanwhile.
    private readonly ConcurrentDictionary<string, string> noVersions = new(StringComparer.Ordinal);
    private long commits;

    public KeyRecord? Key(string keyId, Func<string, KeyRecord?> read) => Find(keys, keyId, read);

    public AliasRecord? Alias(AliasName name, Func<AliasName, AliasRecord?> read) => Find(aliases, name, read);

    public string? KeyOfVersion(string versionId, Func<string, string?> read)
    {
        if (noVersions.ContainsKey(versionId))
        {
            return null;
        }

        var before = Volatile.Read(ref commits);
        var keyId = Find(keysOfVersions, versionId, read);
        // Why by length: what is remembered is bounded in bytes as in number, and no longer text is a version id.
        if (keyId is null && versionId.Length == CiphertextBlob.VersionIdLength)
        {
            Keep(noVersions, versionId, string.Empty, before);
        }

        return keyId;
    }

    public void Forget(IEnumerable<SqliteKeyTransaction> committed)
    {
        lock (gate)
        {
            foreach (var transaction in committed)
            {
                foreach (var versionId in transaction.InsertedVersions)
                {
                    _ = noVersions.TryRemove(versionId, out _);
                }

                foreach (var keyId in transaction.ChangedKeys)
                {
                    _ = keys.TryRemove(keyId, out _);
                }

                foreach (var alias in transaction.ChangedAliases)
                {
                    _ = aliases.TryRemove(alias, out _);
                }
            }

            commits++;
        }
    }

    public void ForgetAll()
    {
        lock (gate)
        {
            keys.Clear();
            aliases.Clear();
            keysOfVersions.Clear();
            noVersions.Clear();
            commits++;
        }
    }

    private TValue? Find<TName, TValue>(ConcurrentDictionary<TName, TValue> table, TName name, Func<TName, TValue?> read)
        where TName : notnull
        where TValue : class
    {
        if (table.TryGetValue(name, out var known))
        {
            return known;
        }

        var before = Volatile.Read(ref commits);
        var value = read(name);
        if (value is not null)
        {
            Keep(table, name, value, before);
        }

        return value;
    }

    private void Keep<TName, TValue>(ConcurrentDictionary<TName, TValue> table, TName name, TValue value, long before)
        where TName : notnull
    {
        // Invariant: a value read before a commit is kept only if that commit has not been announced yet; its own
        // announcement, which takes the same gate, then forgets it.
        lock (gate)
        {
            if (commits != before)
            {
                return;
            }

            if (table.Count >= capacity)
            {
                table.Clear();
            }

            table[name] = value;
        }
    }
}
