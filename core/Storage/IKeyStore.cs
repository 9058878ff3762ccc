using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Storage;

/// <summary>What there is now: committed for callers of the store, as changed so far inside a transaction.</summary>
internal interface IKeyView
{
    KeyRecord? FindKey(string keyId);

    AliasRecord? FindAlias(string account, string region, string name);

    /// <summary>The id of the key that a version belongs to.</summary>
    string? FindKeyOfVersion(string versionId);
}

/// <summary>One transaction. Nothing of it is seen, or kept, unless all of it is.</summary>
internal interface IKeyTransaction : IKeyView
{
    void InsertKey(KeyRecord key, KeyVersionRecord? version);

    /// <summary>Replaces state, description, deletion date, metadata version and tags by those of <paramref name="key"/>.</summary>
    void UpdateKey(KeyRecord key);

    /// <summary>Replaces key policy and metadata version by those of <paramref name="key"/>.</summary>
    void SetKeyPolicy(KeyRecord key);

    /// <summary>Adds an alias under a generation that no alias ever had.</summary>
    AliasRecord InsertAlias(string account, string region, string name, string keyId, DateTimeOffset createdAt);

    /// <summary>Moves an alias to another key, under a new generation.</summary>
    void MoveAlias(AliasRecord alias, string keyId);

    void DeleteAlias(AliasRecord alias);

    KeyRecord? FindKeyOfProduct(string account, string region, string product);

    /// <summary>Keys that count against the quota: all but the service-managed ones.</summary>
    long CountKeys(string account, string region);

    /// <summary>Aliases that count against the quota: all but those of service-managed keys.</summary>
    long CountAliases(string account, string region);
}

/// <summary>Keys, versions, aliases and tags. Every write is one transaction; what was acknowledged survives the process.</summary>
internal interface IKeyStore : IKeyView, IAsyncDisposable
{
    /// <summary>
    /// Runs <paramref name="work"/> in a transaction and completes when it is durable. An exception of the work undoes it and
    /// reaches the caller; a fault of the database is <c>ServiceUnavailableTemporary</c>.
    /// </summary>
    Task<T> WriteAsync<T>(Func<IKeyTransaction, T> work);

    KeyVersionRecord? ReadVersion(string versionId);

    Page<KeyRow> ListKeys(KeyQuery query);

    Page<AliasRecord> ListAliases(AliasQuery query);

    /// <summary>Throws when the database does not answer.</summary>
    void Probe();
}

/// <summary>One page of a list and the length of the whole.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, long TotalCount);

/// <summary>A line of ListKeys.</summary>
internal sealed record KeyRow(string KeyId);

/// <summary>Which keys, in order of creation; an absent filter lets every value pass.</summary>
internal sealed record KeyQuery(string Account, string Region, int PageNumber, int PageSize, IReadOnlyList<KeyFilter> Filters);

/// <summary>Keys whose <paramref name="Column"/> has one of the values.</summary>
internal sealed record KeyFilter(KeyFilterColumn Column, IReadOnlyList<string> Values);

/// <summary>What keys can be filtered by. Source: kms-api.json, ListKeys.Filters.</summary>
internal enum KeyFilterColumn
{
    None = 0,
    KeyState,
    KeySpec,
    KeyUsage,
    ProtectionLevel,

    /// <summary><c>User</c> or <c>Service</c>.</summary>
    CreatorType,
}

/// <summary>Which aliases, in order of creation; of one key when <paramref name="KeyId"/> is given.</summary>
internal sealed record AliasQuery(string Account, string Region, string? KeyId, int PageNumber, int PageSize);
