using System.Collections.Immutable;
using Dapper;
using KmsGateway.Core.Keys;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Reads records out of a connection; what the writer and the readers have in common.</summary>
internal static class KeyRows
{
    private const string KeySql =
        """
        SELECT key_id AS KeyId, account AS Account, region AS Region, spec AS Spec, usage AS Usage, origin AS Origin,
               protection_level AS ProtectionLevel, state AS State, description AS Description, creator AS Creator,
               managed_by AS ManagedBy, created_at AS CreatedAt, delete_at AS DeleteAt, metadata_version AS MetadataVersion,
               primary_version AS PrimaryVersion, key_policy AS KeyPolicy, is_protected AS IsProtected,
               protection_description AS ProtectionDescription, rotation_interval AS RotationInterval,
               has_material AS HasMaterial, material_expires_at AS MaterialExpiresAt,
               (SELECT max(created_at) FROM key_versions v WHERE v.key_id = k.key_id) AS NewestVersionAt
        FROM keys k
        """;

    private const string AliasSql =
        """
        SELECT account AS Account, region AS Region, name AS Name, key_id AS KeyId, generation AS Generation, created_at AS CreatedAt
        FROM aliases
        """;

    public static KeyRecord? FindKey(SqliteConnection connection, string keyId) =>
        ToRecord(connection, connection.QuerySingleOrDefault<StoredKey>(KeySql + " WHERE key_id = @keyId", new { keyId }));

    public static KeyRecord? FindKeyOfProduct(SqliteConnection connection, string account, string region, string product) =>
        ToRecord(connection, connection.QuerySingleOrDefault<StoredKey>(
            KeySql + " WHERE account = @account AND region = @region AND managed_by = @product", new { account, region, product }));

    public static AliasRecord? FindAlias(SqliteConnection connection, string account, string region, string name) =>
        connection.QuerySingleOrDefault<StoredAlias>(
            AliasSql + " WHERE account = @account AND region = @region AND name = @name", new { account, region, name })?.Record();

    public static string? FindKeyOfVersion(SqliteConnection connection, string versionId) =>
        connection.QuerySingleOrDefault<string>("SELECT key_id FROM key_versions WHERE version_id = @versionId", new { versionId });

    public static KeyVersionRecord? FindVersion(SqliteConnection connection, string versionId) =>
        connection.QuerySingleOrDefault<StoredVersion>(
            """
            SELECT version_id AS VersionId, key_id AS KeyId, created_at AS CreatedAt, epoch AS Epoch, sealed AS Sealed
            FROM key_versions WHERE version_id = @versionId
            """,
            new { versionId })?.Record();

    public static ImportParameters? FindImportParameters(SqliteConnection connection, string importId) =>
        connection.QuerySingleOrDefault<StoredImport>(
            """
            SELECT import_id AS ImportId, key_id AS KeyId, algorithm AS Algorithm, expires_at AS ExpiresAt, epoch AS Epoch, sealed AS Sealed
            FROM import_parameters WHERE import_id = @importId
            """,
            new { importId })?.Record();

    public static long CountImportParameters(SqliteConnection connection, string keyId, DateTimeOffset now) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM import_parameters WHERE key_id = @keyId AND expires_at > @now",
        new { keyId, now = now.ToUnixTimeMilliseconds() });

#pragma warning disable S2077 // the tail is written in this folder; values are always arguments
    public static IEnumerable<AliasRecord> Aliases(SqliteConnection connection, string tail, object arguments) =>
        connection.Query<StoredAlias>(AliasSql + tail, arguments).Select(alias => alias.Record());
#pragma warning restore S2077

    private static KeyRecord? ToRecord(SqliteConnection connection, StoredKey? key)
    {
        if (key is null)
        {
            return null;
        }

        var tags = connection.Query<StoredTag>(
            "SELECT tag_key AS TagKey, tag_value AS TagValue FROM tags WHERE key_id = @KeyId", new { key.KeyId });
        return key.Record(tags.ToImmutableSortedDictionary(tag => tag.TagKey, tag => tag.TagValue, StringComparer.Ordinal));
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? Time(known) : null;

#pragma warning disable S1144 // Dapper sets these
    private sealed class StoredTag
    {
        public string TagKey { get; init; } = string.Empty;

        public string TagValue { get; init; } = string.Empty;
    }

    private sealed class StoredAlias
    {
        public string Account { get; init; } = string.Empty;

        public string Region { get; init; } = string.Empty;

        public string Name { get; init; } = string.Empty;

        public string KeyId { get; init; } = string.Empty;

        public long Generation { get; init; }

        public long CreatedAt { get; init; }

        public AliasRecord Record() => new(Account, Region, Name, KeyId, Generation, Time(CreatedAt));
    }

    private sealed class StoredImport
    {
        public string ImportId { get; init; } = string.Empty;

        public string KeyId { get; init; } = string.Empty;

        public string Algorithm { get; init; } = string.Empty;

        public long ExpiresAt { get; init; }

        public int Epoch { get; init; }

        public byte[] Sealed { get; init; } = [];

        public ImportParameters Record() => new(ImportId, KeyId, Algorithm, Time(ExpiresAt), Epoch, Sealed);
    }

    private sealed class StoredVersion
    {
        public string VersionId { get; init; } = string.Empty;

        public string KeyId { get; init; } = string.Empty;

        public long CreatedAt { get; init; }

        public int Epoch { get; init; }

        public byte[] Sealed { get; init; } = [];

        public KeyVersionRecord Record() => new(VersionId, KeyId, Time(CreatedAt), Epoch, Sealed);
    }

    private sealed class StoredKey
    {
        public string KeyId { get; init; } = string.Empty;

        public string Account { get; init; } = string.Empty;

        public string Region { get; init; } = string.Empty;

        public string Spec { get; init; } = string.Empty;

        public string Usage { get; init; } = string.Empty;

        public string Origin { get; init; } = string.Empty;

        public string ProtectionLevel { get; init; } = string.Empty;

        public string State { get; init; } = string.Empty;

        public string Description { get; init; } = string.Empty;

        public string Creator { get; init; } = string.Empty;

        public string? ManagedBy { get; init; }

        public long CreatedAt { get; init; }

        public long? DeleteAt { get; init; }

        public long MetadataVersion { get; init; }

        public string? PrimaryVersion { get; init; }

        public string? KeyPolicy { get; init; }

        public long? NewestVersionAt { get; init; }

        public long IsProtected { get; init; }

        public string ProtectionDescription { get; init; } = string.Empty;

        public long? RotationInterval { get; init; }

        public long HasMaterial { get; init; }

        public long? MaterialExpiresAt { get; init; }

        public KeyRecord Record(ImmutableSortedDictionary<string, string> tags) => new()
        {
            KeyId = KeyId,
            Account = Account,
            Region = Region,
            Spec = Spec,
            Usage = Usage,
            Origin = Origin,
            ProtectionLevel = ProtectionLevel,
            State = Enum.Parse<KeyState>(State),
            Description = Description,
            Creator = Creator,
            ManagedBy = ManagedBy,
            CreatedAt = Time(CreatedAt),
            DeleteAt = Time(DeleteAt),
            IsDeletionProtected = IsProtected != 0,
            ProtectionDescription = ProtectionDescription,
            RotationInterval = RotationInterval is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            HasMaterial = HasMaterial != 0,
            MaterialExpiresAt = Time(MaterialExpiresAt),
            MetadataVersion = MetadataVersion,
            PrimaryVersion = PrimaryVersion,
            NewestVersionAt = Time(NewestVersionAt),
            KeyPolicy = KeyPolicy,
            Tags = tags,
        };
    }
#pragma warning restore S1144
}
