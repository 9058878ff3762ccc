using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>An access key without its secret.</summary>
internal sealed record AccessKeyRecord(string Id, long IsActive, long CreatedAt);

/// <summary>An access key with its sealed secret and its owner.</summary>
internal sealed record OwnedAccessKey(
    string Id,
    long IsActive,
    byte[] SealedSecret,
    long OwnerId,
    string OwnerKind,
    string OwnerName,
    string AccountId,
    long AccountIsActive,
    long RootId);

/// <summary>Access keys. Deactivating and deleting raise the owner.</summary>
internal static class AccessKeyTable
{
    private const string Columns = "access_key_id AS Id, is_active AS IsActive, created_at AS CreatedAt";

    private const string OwnedSelect =
        """
        SELECT k.access_key_id AS Id, k.is_active AS IsActive, k.sealed_secret AS SealedSecret, i.identity_id AS OwnerId,
               i.kind AS OwnerKind, i.name AS OwnerName, a.account_id AS AccountId, a.is_active AS AccountIsActive, a.root_id AS RootId
        FROM access_keys k JOIN identities i ON i.identity_id = k.identity_id JOIN accounts a ON a.account_id = i.account_id
        """;

    private static readonly PointRead<OwnedAccessKey> Point = new($"{OwnedSelect} WHERE k.access_key_id = @accessKeyId", ["@accessKeyId"], Row);

    /// <summary>Committed, on a snapshot of its own.</summary>
    public static OwnedAccessKey? Find(RamDatabase database, string accessKeyId) =>
        database.List(Point, accessKeyId) is [var found] ? found : null;

    public static OwnedAccessKey? Find(RamReader reader, string accessKeyId) =>
        reader.Find<OwnedAccessKey>($"{OwnedSelect} WHERE k.access_key_id = @accessKeyId", new { accessKeyId });

    /// <summary>The oldest key of the account's root.</summary>
    public static OwnedAccessKey? FindRoot(RamReader reader, string account) =>
        reader.Find<OwnedAccessKey>(
            $"{OwnedSelect} WHERE i.account_id = @account AND i.kind = 'root' ORDER BY k.created_at, k.access_key_id LIMIT 1", new { account });

    public static IReadOnlyList<AccessKeyRecord> ListOf(RamReader reader, long ownerId) =>
        reader.List<AccessKeyRecord>(
            $"SELECT {Columns} FROM access_keys WHERE identity_id = @ownerId ORDER BY created_at, access_key_id", new { ownerId });

    public static AccessKeyRecord? FindOf(RamReader reader, long ownerId, string accessKeyId) =>
        reader.Find<AccessKeyRecord>(
            $"SELECT {Columns} FROM access_keys WHERE access_key_id = @accessKeyId AND identity_id = @ownerId", new { accessKeyId, ownerId });

    public static void Insert(RamWriter writer, string accessKeyId, long ownerId, long dataKeyId, byte[] sealedSecret) =>
        writer.Execute(
            """
            INSERT INTO access_keys (access_key_id, identity_id, is_active, data_key_id, sealed_secret, created_at)
            VALUES (@accessKeyId, @ownerId, 1, @dataKeyId, @sealedSecret, @now)
            """,
            new { accessKeyId, ownerId, dataKeyId, sealedSecret, now = writer.Now });

    public static void SetActive(RamWriter writer, long ownerId, string accessKeyId, bool isActive)
    {
        writer.Execute("UPDATE access_keys SET is_active = @isActive WHERE access_key_id = @accessKeyId", new { accessKeyId, isActive });
        writer.RaiseIdentity(ownerId);
    }

    public static void Delete(RamWriter writer, long ownerId, string accessKeyId)
    {
        writer.Execute("DELETE FROM access_keys WHERE access_key_id = @accessKeyId", new { accessKeyId });
        writer.RaiseIdentity(ownerId);
    }

    private static OwnedAccessKey Row(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetInt64(7), row.GetInt64(8));
}
