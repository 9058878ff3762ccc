using Dapper;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Keys;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>One unit of work on the writer's connection. It notes what it touched, so that the cache can forget it.</summary>
internal sealed class SqliteKeyTransaction(SqliteConnection connection, DateTimeOffset now) : IKeyTransaction
{
    private const string Insert =
        """
        INSERT INTO keys (key_id, account, region, spec, usage, origin, protection_level, state, description, creator, managed_by,
                          created_at, delete_at, metadata_version, primary_version, key_policy, is_protected, protection_description,
                          rotation_interval, next_rotation_at, has_material, material_expires_at)
        VALUES (@KeyId, @Account, @Region, @Spec, @Usage, @Origin, @ProtectionLevel, @State, @Description, @Creator, @ManagedBy,
                @CreatedAt, @DeleteAt, @MetadataVersion, @PrimaryVersion, @KeyPolicy, @IsProtected, @ProtectionDescription,
                @RotationInterval, @NextRotationAt, @HasMaterial, @MaterialExpiresAt)
        """;

    private const string Update =
        """
        UPDATE keys SET state = @State, description = @Description, delete_at = @DeleteAt, metadata_version = @MetadataVersion,
               primary_version = @PrimaryVersion, is_protected = @IsProtected, protection_description = @ProtectionDescription,
               rotation_interval = @RotationInterval, next_rotation_at = @NextRotationAt, has_material = @HasMaterial,
               material_expires_at = @MaterialExpiresAt
        WHERE key_id = @KeyId
        """;

    private readonly List<string> changedKeys = [];
    private readonly List<AliasName> changedAliases = [];
    private readonly List<string> insertedVersions = [];
    private readonly List<string> retiredVersions = [];

    public IReadOnlyList<string> ChangedKeys => changedKeys;

    public IReadOnlyList<AliasName> ChangedAliases => changedAliases;

    /// <summary>Whether something sealed is no more, of which the write-ahead log keeps an image.</summary>
    public bool HasDestroyed { get; private set; }

    /// <summary>Versions that were not there before.</summary>
    public IReadOnlyList<string> InsertedVersions => insertedVersions;

    /// <summary>Versions whose material is no more.</summary>
    public IReadOnlyList<string> RetiredVersions => retiredVersions;

    public KeyRecord? FindKey(string keyId) => KeyRows.FindKey(connection, keyId);

    public AliasRecord? FindAlias(string account, string region, string name) => KeyRows.FindAlias(connection, account, region, name);

    public string? FindKeyOfVersion(string versionId) => KeyRows.FindKeyOfVersion(connection, versionId);

    public KeyRecord? FindKeyOfProduct(string account, string region, string product) =>
        KeyRows.FindKeyOfProduct(connection, account, region, product);

    public void InsertKey(KeyRecord key, KeyVersionRecord? version)
    {
        Touch(key.KeyId);
        connection.Execute(Insert, ValuesOf(key));
        InsertTags(key);
        if (version is not null)
        {
            InsertVersion(version);
        }
    }

    public void InsertVersion(KeyVersionRecord version)
    {
        Touch(version.KeyId);
        insertedVersions.Add(version.VersionId);
        connection.Execute(
            "INSERT INTO key_versions (version_id, key_id, created_at, epoch, sealed) VALUES (@VersionId, @KeyId, @created, @Epoch, @Sealed)",
            new { version.VersionId, version.KeyId, created = version.CreatedAt.ToUnixTimeMilliseconds(), version.Epoch, version.Sealed });
    }

    public KeyVersionRecord? FindVersion(string versionId) => KeyRows.FindVersion(connection, versionId);

    public void ReplaceSealed(KeyVersionRecord version)
    {
        Touch(version.KeyId);
        HasDestroyed = true;
        retiredVersions.Add(version.VersionId);
        ChangedOne(connection.Execute(
            "UPDATE key_versions SET sealed = @Sealed, epoch = @Epoch WHERE version_id = @VersionId",
            new { version.VersionId, version.Epoch, version.Sealed }));
    }

    public long? CountMessages(string versionId) => connection.ExecuteScalar<long?>(
        "SELECT messages FROM key_versions WHERE version_id = @versionId", new { versionId });

    public void SetMessages(string versionId, long messages) => ChangedOne(connection.Execute(
        "UPDATE key_versions SET messages = @messages WHERE version_id = @versionId", new { versionId, messages }));

    public void InsertImportParameters(ImportParameters parameters) => connection.Execute(
        """
        INSERT INTO import_parameters (import_id, key_id, algorithm, expires_at, epoch, sealed)
        VALUES (@ImportId, @KeyId, @Algorithm, @expires, @Epoch, @Sealed)
        """,
        new
        {
            parameters.ImportId,
            parameters.KeyId,
            parameters.Algorithm,
            expires = parameters.ExpiresAt.ToUnixTimeMilliseconds(),
            parameters.Epoch,
            parameters.Sealed,
        });

    public ImportParameters? FindImportParameters(string importId) => KeyRows.FindImportParameters(connection, importId);

    public long CountImportParameters(string keyId, DateTimeOffset now) => KeyRows.CountImportParameters(connection, keyId, now);

    public void EraseImportParameters(string importId)
    {
        HasDestroyed = true;
        ChangedOne(connection.Execute("DELETE FROM import_parameters WHERE import_id = @importId", new { importId }));
    }

    public CertificateRecord? FindCertificate(string certificateId) => CertificateRows.Find(connection, certificateId);

    public void InsertCertificate(CertificateRecord certificate) => CertificateRows.Insert(connection, certificate);

    public void UpdateCertificate(CertificateRecord certificate) => ChangedOne(CertificateRows.Update(connection, certificate));

    public void EraseCertificate(string certificateId)
    {
        HasDestroyed = true;
        retiredVersions.Add(certificateId);
        ChangedOne(CertificateRows.Erase(connection, certificateId));
    }

    public long CountCertificates(string account, string region) => CertificateRows.Count(connection, account, region);

    public void EraseKey(string keyId)
    {
        Touch(keyId);
        HasDestroyed = true;
        retiredVersions.AddRange(connection.Query<string>("SELECT version_id FROM key_versions WHERE key_id = @keyId", new { keyId }));
        foreach (var alias in KeyRows.Aliases(connection, " WHERE key_id = @keyId", new { keyId }))
        {
            Touch(alias);
        }

        ChangedOne(connection.Execute("DELETE FROM keys WHERE key_id = @keyId", new { keyId }));
    }

    public IReadOnlyList<DueItem> FindDue(DateTimeOffset now, int most, IReadOnlyCollection<DueItem> except) =>
        DueWork.Find(connection, now, most, except);

    public bool IsDue(DueItem item, DateTimeOffset now) => DueWork.IsDue(connection, item, now);

    public EpochRows Epochs() => EpochRows.Read(connection);

    public void InsertEpoch(EpochRow epoch) => EpochRows.Insert(connection, epoch, now);

    public void RetireEpoch(RetiredEpoch epoch) => EpochRows.Retire(connection, epoch);

    public (IReadOnlyList<SealedRow> Rows, SealedPlace? Next) FindSealedUnderOthers(int epoch, SealedPlace from, int most) =>
        SealedRows.FindOthers(connection, epoch, from, most);

    public bool HasSealedUnderOthers(int epoch) => SealedRows.HasOthers(connection, epoch);

    public void SealAgain(SealedRow row, int epoch, byte[] sealedRecord)
    {
        HasDestroyed = true;
        SealedRows.Replace(connection, row, epoch, sealedRecord);
    }

    public bool TakeLease(string name, string holder, DateTimeOffset now, DateTimeOffset until) => connection.Execute(
        """
        INSERT INTO leases (name, holder, expires_at) VALUES (@name, @holder, @until)
        ON CONFLICT (name) DO UPDATE SET holder = @holder, expires_at = @until WHERE holder = @holder OR expires_at <= @now
        """,
        new { name, holder, now = now.ToUnixTimeMilliseconds(), until = until.ToUnixTimeMilliseconds() }) == 1;

    public void UpdateKey(KeyRecord key)
    {
        Touch(key.KeyId);
        ChangedOne(connection.Execute(Update, ValuesOf(key)));
        connection.Execute("DELETE FROM tags WHERE key_id = @KeyId", new { key.KeyId });
        InsertTags(key);
    }

    public void SetKeyPolicy(KeyRecord key)
    {
        Touch(key.KeyId);
        ChangedOne(connection.Execute(
            "UPDATE keys SET key_policy = @KeyPolicy, metadata_version = @MetadataVersion WHERE key_id = @KeyId",
            new { key.KeyId, key.KeyPolicy, key.MetadataVersion }));
    }

    public AliasRecord InsertAlias(string account, string region, string name, string keyId, DateTimeOffset createdAt)
    {
        var alias = new AliasRecord(account, region, name, keyId, NextGeneration(), createdAt);
        Touch(alias);
        // Why: the name may still stand on a key that is destroyed for everyone and not erased yet.
        connection.Execute(
            """
            DELETE FROM aliases WHERE account = @account AND region = @region AND name = @name
                AND key_id IN (SELECT key_id FROM keys WHERE delete_at <= @Now)
            """,
            new { account, region, name, Now });
        connection.Execute(
            """
            INSERT INTO aliases (account, region, name, key_id, generation, created_at)
            VALUES (@Account, @Region, @Name, @KeyId, @Generation, @created)
            """,
            new { alias.Account, alias.Region, alias.Name, alias.KeyId, alias.Generation, created = createdAt.ToUnixTimeMilliseconds() });
        return alias;
    }

    public void MoveAlias(AliasRecord alias, string keyId)
    {
        Touch(alias);
        ChangedOne(connection.Execute(
            "UPDATE aliases SET key_id = @keyId, generation = @generation WHERE account = @Account AND region = @Region AND name = @Name",
            new { alias.Account, alias.Region, alias.Name, keyId, generation = NextGeneration() }));
    }

    public void DeleteAlias(AliasRecord alias)
    {
        Touch(alias);
        ChangedOne(connection.Execute(
            "DELETE FROM aliases WHERE account = @Account AND region = @Region AND name = @Name",
            new { alias.Account, alias.Region, alias.Name }));
    }

    public long CountKeys(string account, string region) => QuotaRows.CountKeys(connection, account, region, now);

    public bool HasVersions(string account, string region, int count) => QuotaRows.HasVersions(connection, account, region, count);

    public bool HasVersionsOfPairs(string account, string region, int count) =>
        QuotaRows.HasVersionsOfPairs(connection, account, region, count);

    public long CountAliases(string account, string region) => connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM aliases a JOIN keys k USING (key_id)
        WHERE a.account = @account AND a.region = @region AND k.managed_by IS NULL
        """ + QuotaRows.NotDestroyed,
        new { account, region, Now });

    private long Now { get; } = now.ToUnixTimeMilliseconds();

    private static object ValuesOf(KeyRecord key) => new
    {
        key.KeyId,
        key.Account,
        key.Region,
        key.Spec,
        key.Usage,
        key.Origin,
        key.ProtectionLevel,
        State = key.State.ToString(),
        key.Description,
        key.Creator,
        key.ManagedBy,
        CreatedAt = key.CreatedAt.ToUnixTimeMilliseconds(),
        DeleteAt = key.DeleteAt?.ToUnixTimeMilliseconds(),
        key.MetadataVersion,
        key.PrimaryVersion,
        key.KeyPolicy,
        IsProtected = key.IsDeletionProtected,
        key.ProtectionDescription,
        RotationInterval = (long?)key.RotationInterval?.TotalSeconds,
        NextRotationAt = key.NextRotationAt?.ToUnixTimeMilliseconds(),
        key.HasMaterial,
        MaterialExpiresAt = key.MaterialExpiresAt?.ToUnixTimeMilliseconds(),
    };

    private static void ChangedOne(int rows)
    {
        if (rows != 1)
        {
            throw new InvalidOperationException("The record to change is gone.");
        }
    }

    private void InsertTags(KeyRecord key)
    {
        foreach (var (tagKey, tagValue) in key.Tags)
        {
            connection.Execute(
                "INSERT INTO tags (key_id, tag_key, tag_value) VALUES (@KeyId, @tagKey, @tagValue)", new { key.KeyId, tagKey, tagValue });
        }
    }

    private long NextGeneration() => connection.ExecuteScalar<long>(
        "UPDATE sequences SET value = value + 1 WHERE name = 'alias_generation' RETURNING value");

    private void Touch(string keyId) => changedKeys.Add(keyId);

    private void Touch(AliasRecord alias) => changedAliases.Add(new AliasName(alias.Account, alias.Region, alias.Name));
}

/// <summary>What tells one alias from another.</summary>
internal readonly record struct AliasName(string Account, string Region, string Name);
