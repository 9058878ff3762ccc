using Dapper;
using KmsGateway.Core.Keys;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>One unit of work on the writer's connection. It notes what it touched, so that the cache can forget it.</summary>
internal sealed class SqliteKeyTransaction(SqliteConnection connection) : IKeyTransaction
{
    private const string Insert =
        """
        INSERT INTO keys (key_id, account, region, spec, usage, origin, protection_level, state, description, creator, managed_by,
                          created_at, delete_at, metadata_version, primary_version, key_policy)
        VALUES (@KeyId, @Account, @Region, @Spec, @Usage, @Origin, @ProtectionLevel, @State, @Description, @Creator, @ManagedBy,
                @CreatedAt, @DeleteAt, @MetadataVersion, @PrimaryVersion, @KeyPolicy)
        """;

    private readonly List<string> changedKeys = [];
    private readonly List<AliasName> changedAliases = [];

    public IReadOnlyList<string> ChangedKeys => changedKeys;

    public IReadOnlyList<AliasName> ChangedAliases => changedAliases;

    public KeyRecord? FindKey(string keyId) => KeyRows.FindKey(connection, keyId);

    public AliasRecord? FindAlias(string account, string region, string name) => KeyRows.FindAlias(connection, account, region, name);

    public string? FindKeyOfVersion(string versionId) => KeyRows.FindKeyOfVersion(connection, versionId);

    public KeyRecord? FindKeyOfProduct(string account, string region, string product) =>
        KeyRows.FindKeyOfProduct(connection, account, region, product);

    public void InsertKey(KeyRecord key, KeyVersionRecord? version)
    {
        Touch(key.KeyId);
        connection.Execute(Insert, new
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
        });
        InsertTags(key);
        if (version is not null)
        {
            connection.Execute(
                "INSERT INTO key_versions (version_id, key_id, created_at, epoch, sealed) VALUES (@VersionId, @KeyId, @created, @Epoch, @Sealed)",
                new { version.VersionId, version.KeyId, created = version.CreatedAt.ToUnixTimeMilliseconds(), version.Epoch, version.Sealed });
        }
    }

    public void UpdateKey(KeyRecord key)
    {
        Touch(key.KeyId);
        ChangedOne(connection.Execute(
            """
            UPDATE keys SET state = @State, description = @Description, delete_at = @DeleteAt, metadata_version = @MetadataVersion
            WHERE key_id = @KeyId
            """,
            new
            {
                key.KeyId,
                State = key.State.ToString(),
                key.Description,
                DeleteAt = key.DeleteAt?.ToUnixTimeMilliseconds(),
                key.MetadataVersion,
            }));
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

    public long CountKeys(string account, string region) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM keys WHERE account = @account AND region = @region AND managed_by IS NULL", new { account, region });

    public long CountAliases(string account, string region) => connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM aliases a JOIN keys k USING (key_id)
        WHERE a.account = @account AND a.region = @region AND k.managed_by IS NULL
        """,
        new { account, region });

    /// <summary>Erases keys whose waiting period is over, with their versions, tags and aliases.</summary>
    public void EraseDue(DateTimeOffset now)
    {
        var due = connection.Query<string>(
            "SELECT key_id FROM keys WHERE delete_at <= @now", new { now = now.ToUnixTimeMilliseconds() }).AsList();
        foreach (var keyId in due)
        {
            Touch(keyId);
            foreach (var alias in KeyRows.Aliases(connection, " WHERE key_id = @keyId", new { keyId }))
            {
                Touch(alias);
            }

            connection.Execute("DELETE FROM keys WHERE key_id = @keyId", new { keyId });
        }
    }

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
