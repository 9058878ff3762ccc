using System.Collections.Concurrent;
using KmsGateway.Core.Backups;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary><c>&lt;data&gt;/keys.db</c>: one writer, any number of readers, committed records in memory.</summary>
internal sealed class SqliteKeyStore : IKeyStore
{
    private const int CachedRecords = 100_000;

    private readonly string path;
    private readonly Func<string, SqliteConnection> openReader;
    private readonly SqliteConnection writer;
    private readonly RecordCache cache = new(CachedRecords);
    private readonly WriteQueue writes;
    private readonly ConcurrentBag<SqliteConnection> idleReaders = [];
    private readonly TimeProvider clock;
    private readonly Func<string, KeyRecord?> readKey;
    private readonly Func<AliasName, AliasRecord?> readAlias;
    private readonly Func<string, string?> readKeyOfVersion;
    private Action<string> retired = _ => { };

    /// <summary>Takes over <paramref name="writer"/>, whose schema is current; readers are opened as they are needed.</summary>
    public SqliteKeyStore(string path, SqliteConnection writer, TimeProvider clock, Func<string, SqliteConnection>? openReader = null)
    {
        this.path = path;
        this.openReader = openReader ?? SqliteDatabase.OpenReader;
        this.writer = writer;
        this.clock = clock;
        writes = new WriteQueue(writer, cache, clock, versionId => retired(versionId));
        readKey = keyId => Read(connection => KeyRows.FindKey(connection, keyId));
        readAlias = alias => Read(connection => KeyRows.FindAlias(connection, alias.Account, alias.Region, alias.Name));
        readKeyOfVersion = versionId => Read(connection => KeyRows.FindKeyOfVersion(connection, versionId));
    }

    public KeyRecord? FindKey(string keyId) => cache.Key(keyId, readKey);

    public AliasRecord? FindAlias(string account, string region, string name) =>
        cache.Alias(new AliasName(account, region, name), readAlias);

    public string? FindKeyOfVersion(string versionId) => cache.KeyOfVersion(versionId, readKeyOfVersion);

    public ImportParameters? FindImportParameters(string importId) => Read(connection => KeyRows.FindImportParameters(connection, importId));

    public CertificateRecord? FindCertificate(string certificateId) => Read(connection => CertificateRows.Find(connection, certificateId));

    public long CountImportParameters(string keyId, DateTimeOffset now) =>
        Read(connection => KeyRows.CountImportParameters(connection, keyId, now));

    public long CountKeys(string account, string region) =>
        Read(connection => QuotaRows.CountKeys(connection, account, region, clock.GetUtcNow()));

    public bool HasVersions(string account, string region, int count) =>
        Read(connection => QuotaRows.HasVersions(connection, account, region, count));

    public bool HasVersionsOfPairs(string account, string region, int count) =>
        Read(connection => QuotaRows.HasVersionsOfPairs(connection, account, region, count));

    public long CountCertificates(string account, string region) =>
        Read(connection => CertificateRows.Count(connection, account, region));

    public KeyVersionRecord? ReadVersion(string versionId) => Read(connection => KeyRows.FindVersion(connection, versionId));

    public Task<T> WriteAsync<T>(Func<IKeyTransaction, T> work) => writes.EnqueueAsync(work);

    public Page<KeyRow> ListKeys(KeyQuery query) => Read(connection => KeyListing.Keys(connection, query, clock.GetUtcNow()));

    public Page<AliasRecord> ListAliases(AliasQuery query) =>
        Read(connection => KeyListing.Aliases(connection, query, clock.GetUtcNow()));

    public void WhenRetired(Action<string> hear) => retired += hear;

    public Page<VersionRow> ListVersions(VersionQuery query) => Read(connection => KeyListing.Versions(connection, query));

    public IReadOnlyList<TagRow> ListTags(TagQuery query) => Read(connection => TagListing.Rows(connection, query, clock.GetUtcNow()));

    public bool HasDue(DateTimeOffset now, IReadOnlyCollection<DueItem> except) =>
        Read(connection => DueWork.Find(connection, now, 1, except).Count > 0);

    public async Task<DatabaseSnapshot> PinAsync()
    {
        DatabaseSnapshot? pinned = null;
        try
        {
            // Why inside a write: nothing else is committed meanwhile, and whatever was acknowledged before is.
            return await WriteAsync(_ => pinned = Pin());
        }
        catch
        {
            // Why: its commit may fail after it was pinned, and the log would grow for as long as nobody disposes it.
            pinned?.Dispose();
            throw;
        }
    }

    public async Task TruncateLogAsync()
    {
        await WriteAsync(_ =>
        {
            writes.TruncateLogSoon();
            return true;
        });

        // Why once more: the log is truncated after the group that asked for it, and before the next.
        await WriteAsync(_ => true);
    }

    public void Probe() => Read(connection => KeyRows.FindKeyOfVersion(connection, string.Empty));

    public ValueTask DisposeAsync()
    {
        writes.Dispose();
        writer.Dispose();
        while (idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <exception cref="StartupException">70: a fault of another connection, which says nothing of the writer's.</exception>
    private DatabaseSnapshot Pin()
    {
        try
        {
            return DatabaseSnapshot.Pin(path);
        }
        catch (SqliteException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        var connection = idleReaders.TryTake(out var idle) ? idle : openReader(path);
        try
        {
            var result = read(connection);
            idleReaders.Add(connection);
            connection = null;
            return result;
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
