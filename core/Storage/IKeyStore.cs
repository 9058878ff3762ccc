using KmsGateway.Core.Backups;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Storage;

/// <summary>What there is now: committed for callers of the store, as changed so far inside a transaction.</summary>
internal interface IKeyView
{
    KeyRecord? FindKey(string keyId);

    AliasRecord? FindAlias(string account, string region, string name);

    /// <summary>The id of the key that a version belongs to.</summary>
    string? FindKeyOfVersion(string versionId);

    ImportParameters? FindImportParameters(string importId);

    CertificateRecord? FindCertificate(string certificateId);

    /// <summary>Those of one key that have not expired.</summary>
    long CountImportParameters(string keyId, DateTimeOffset now);

    /// <summary>Keys that count against the quota: all but the service-managed ones.</summary>
    long CountKeys(string account, string region);

    /// <summary>Whether there are at least <paramref name="count"/> versions, of all keys but the service-managed ones.</summary>
    bool HasVersions(string account, string region, int count);

    /// <summary>The same of key pairs alone.</summary>
    bool HasVersionsOfPairs(string account, string region, int count);

    long CountCertificates(string account, string region);
}

/// <summary>One transaction. Nothing of it is seen, or kept, unless all of it is.</summary>
internal interface IKeyTransaction : IKeyView
{
    void InsertKey(KeyRecord key, KeyVersionRecord? version);

    /// <summary>Adds a version to a key that is there.</summary>
    void InsertVersion(KeyVersionRecord version);

    KeyVersionRecord? FindVersion(string versionId);

    /// <summary>Replaces what a version holds; whatever was loaded of it before is forgotten.</summary>
    void ReplaceSealed(KeyVersionRecord version);

    /// <summary>Messages booked for a version so far; null when there is no such version.</summary>
    long? CountMessages(string versionId);

    void SetMessages(string versionId, long messages);

    void InsertImportParameters(ImportParameters parameters);

    void EraseImportParameters(string importId);

    void InsertCertificate(CertificateRecord certificate);

    /// <summary>Replaces all that can change of a certificate: status, what was uploaded, tags. Its sealed key stays.</summary>
    void UpdateCertificate(CertificateRecord certificate);

    /// <summary>Erases a certificate with its private key.</summary>
    void EraseCertificate(string certificateId);

    /// <summary>Erases a key with its versions, tags and aliases.</summary>
    void EraseKey(string keyId);

    /// <summary>What is due but for <paramref name="except"/>, kind by kind, the longest waiting first.</summary>
    IReadOnlyList<DueItem> FindDue(DateTimeOffset now, int most, IReadOnlyCollection<DueItem> except);

    bool IsDue(DueItem item, DateTimeOffset now);

    /// <summary>Every epoch there is or was.</summary>
    EpochRows Epochs();

    /// <summary>Adds an epoch that records may be sealed under.</summary>
    void InsertEpoch(EpochRow epoch);

    /// <summary>Removes an epoch that no record is sealed under any more.</summary>
    void RetireEpoch(RetiredEpoch epoch);

    /// <summary>Sealed records under other epochs than this, from a place on, and the place to go on from; null at the end.</summary>
    (IReadOnlyList<SealedRow> Rows, SealedPlace? Next) FindSealedUnderOthers(int epoch, SealedPlace from, int most);

    /// <summary>Whether any sealed record is under another epoch than this.</summary>
    bool HasSealedUnderOthers(int epoch);

    /// <summary>Puts the same secret, sealed under another epoch, in the place of a record; whatever is loaded of it stays good.</summary>
    void SealAgain(SealedRow row, int epoch, byte[] sealedRecord);

    /// <summary>Takes or renews a lease; false while another holder has it.</summary>
    bool TakeLease(string name, string holder, DateTimeOffset now, DateTimeOffset until);

    /// <summary>Replaces all that can change of a key, tags included, by what <paramref name="key"/> says.</summary>
    void UpdateKey(KeyRecord key);

    /// <summary>Replaces key policy and metadata version by those of <paramref name="key"/>.</summary>
    void SetKeyPolicy(KeyRecord key);

    /// <summary>Adds an alias under a generation that no alias ever had.</summary>
    AliasRecord InsertAlias(string account, string region, string name, string keyId, DateTimeOffset createdAt);

    /// <summary>Moves an alias to another key, under a new generation.</summary>
    void MoveAlias(AliasRecord alias, string keyId);

    void DeleteAlias(AliasRecord alias);

    KeyRecord? FindKeyOfProduct(string account, string region, string product);

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

    IReadOnlyList<TagRow> ListTags(TagQuery query);

    Page<VersionRow> ListVersions(VersionQuery query);

    /// <summary>Whether any scheduled work is due but for <paramref name="except"/>.</summary>
    bool HasDue(DateTimeOffset now, IReadOnlyCollection<DueItem> except);

    /// <summary>
    /// From now on <paramref name="hear"/> is told of versions whose material a commit destroyed, before the commit is acknowledged, and
    /// of those for which a failed one may have.
    /// </summary>
    void WhenRetired(Action<string> hear);

    /// <summary>Every acknowledged write, and nothing later, for as long as the result lives. Writers and readers go on.</summary>
    Task<DatabaseSnapshot> PinAsync();

    /// <summary>Takes what was overwritten out of the write-ahead log now; done by itself soon after material was destroyed.</summary>
    Task TruncateLogAsync();

    /// <summary>Throws when the database does not answer.</summary>
    void Probe();
}

/// <summary>One page of a list and the length of the whole.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, long TotalCount);

/// <summary>A line of ListKeys.</summary>
internal sealed record KeyRow(string KeyId);

/// <summary>A line of ListKeyVersions.</summary>
internal sealed record VersionRow(string KeyId, string VersionId, DateTimeOffset CreatedAt);

/// <summary>A line of ListTagResources.</summary>
internal sealed record TagRow(string KeyId, string TagKey, string TagValue);

/// <summary>
/// Tags after a row, in the order of key and tag; of the keys named, where <paramref name="KeyIds"/> names any, and of those that
/// carry every tag of <paramref name="Carried"/>.
/// </summary>
internal sealed record TagQuery(
    string Account,
    string Region,
    IReadOnlyList<string>? KeyIds,
    IReadOnlyList<KeyValuePair<string, string>> Carried,
    (string KeyId, string TagKey) After,
    int Most);

/// <summary>Versions of one key, newest first.</summary>
internal sealed record VersionQuery(string KeyId, int PageNumber, int PageSize);

/// <summary>Work that is done when its time has come, whoever asks or does not.</summary>
internal enum DueKind
{
    None = 0,

    /// <summary>The waiting period of a deletion is over.</summary>
    Deletion,

    /// <summary>Imported material expires.</summary>
    Expiry,

    /// <summary>A key is to be rotated.</summary>
    Rotation,

    /// <summary>Import parameters are too old to be used.</summary>
    ImportParameters,
}

/// <summary>One piece of such work.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Id">Of the key, or of the import parameters.</param>
internal sealed record DueItem(DueKind Kind, string Id);

/// <summary>Which keys, in order of creation; an absent filter lets every value pass.</summary>
internal sealed record KeyQuery(string Account, string Region, int PageNumber, int PageSize, IReadOnlyList<KeyFilter> Filters);

/// <summary>Keys whose <paramref name="Column"/> has one of the values; TagKey and TagValue together mean one tag that has both.</summary>
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
    KeyId,
    AliasName,
    Creator,
    TagKey,
    TagValue,

    /// <summary>There are no instances: no key has one.</summary>
    DKMSInstanceId,
}

/// <summary>Which aliases, in order of creation; of one key when <paramref name="KeyId"/> is given.</summary>
internal sealed record AliasQuery(string Account, string Region, string? KeyId, int PageNumber, int PageSize);
