namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>An account and the id of its root.</summary>
internal sealed record AccountRecord(string Id, long RootId, long IsActive, long RootDelivered, long CreatedAt, string Name);

/// <summary>The data key that seals the secrets of this store.</summary>
internal sealed record DataKeyRecord(long Id, byte[] Wrapped, byte[] Proof);

/// <summary>One sealed secret of the gateway itself.</summary>
internal sealed record GatewaySecretRecord(string Name, byte[] Sealed);

/// <summary>The name of such a secret and when it was made, Unix milliseconds.</summary>
internal sealed record GatewaySecretName(string Name, long CreatedAt);

/// <summary>Accounts, data keys and the gateway's own secrets.</summary>
internal static class AccountTable
{
    private const string Columns =
        "account_id AS Id, root_id AS RootId, is_active AS IsActive, root_delivered AS RootDelivered, created_at AS CreatedAt, name AS Name";

    private static readonly PointRead<long> Root = new("SELECT root_id FROM accounts WHERE account_id = @account", ["@account"], row => row.GetInt64(0));

    /// <summary>The account that was made first: the one the gateway itself acts for.</summary>
    public static AccountRecord? First(RamReader reader) =>
        reader.Find<AccountRecord>($"SELECT {Columns} FROM accounts ORDER BY is_first DESC LIMIT 1");

    public static AccountRecord? Find(RamReader reader, string account) =>
        reader.Find<AccountRecord>($"SELECT {Columns} FROM accounts WHERE account_id = @account", new { account });

    /// <summary>The id of an account's root, which never changes; null when there is no such account.</summary>
    public static long? RootId(RamDatabase database, string account) => database.List(Root, account) is [var id] ? id : null;

    /// <summary>In the order they were made.</summary>
    public static IReadOnlyList<AccountRecord> List(RamReader reader) =>
        reader.List<AccountRecord>($"SELECT {Columns} FROM accounts ORDER BY is_first DESC, created_at, account_id");

    public static void Insert(RamWriter writer, string account, string name = "")
    {
        var rootId = EntityId.NewRoot();
        writer.Execute(
            """
            INSERT INTO accounts (account_id, root_id, created_at, name, is_first)
            VALUES (@account, @rootId, @now, @name, NOT EXISTS (SELECT 1 FROM accounts))
            """,
            new { account, rootId, now = writer.Now, name });
        IdentityTable.Insert(writer, rootId, account, IdentityKind.Root, IdentityKind.Root, string.Empty);
    }

    public static void Rename(RamWriter writer, string account, string name) =>
        writer.Execute("UPDATE accounts SET name = @name WHERE account_id = @account", new { account, name });

    /// <summary>Every access key of the account stops, or starts again, with the next request: each depends on the root.</summary>
    public static void SetActive(RamWriter writer, AccountRecord account, bool isActive)
    {
        writer.Execute("UPDATE accounts SET is_active = @isActive WHERE account_id = @Id", new { account.Id, isActive });
        writer.RaiseIdentity(account.RootId);
    }

    public static void MarkRootDelivered(RamWriter writer, string account) =>
        writer.Execute("UPDATE accounts SET root_delivered = 1 WHERE account_id = @account", new { account });

    public static DataKeyRecord? DataKey(RamReader reader) =>
        reader.Find<DataKeyRecord>("SELECT data_key_id AS Id, wrapped AS Wrapped, proof AS Proof FROM data_keys ORDER BY data_key_id LIMIT 1");

    public static void InsertDataKey(RamWriter writer, string account, DataKeyRecord dataKey) =>
        writer.Execute(
            "INSERT INTO data_keys (data_key_id, account_id, wrapped, proof, created_at) VALUES (@Id, @account, @Wrapped, @Proof, @now)",
            new { dataKey.Id, account, dataKey.Wrapped, dataKey.Proof, now = writer.Now });

    public static GatewaySecretRecord? GatewaySecret(RamReader reader, string name) =>
        reader.Find<GatewaySecretRecord>("SELECT name AS Name, sealed AS Sealed FROM gateway_secrets WHERE name = @name", new { name });

    public static IReadOnlyList<GatewaySecretName> GatewaySecrets(RamReader reader, string prefix) =>
        reader.List<GatewaySecretName>(
            "SELECT name AS Name, created_at AS CreatedAt FROM gateway_secrets WHERE substr(name, 1, @length) = @prefix ORDER BY created_at, name",
            new { prefix, length = prefix.Length });

    public static void DeleteGatewaySecret(RamWriter writer, string name) =>
        writer.Execute("DELETE FROM gateway_secrets WHERE name = @name", new { name });

    public static void InsertGatewaySecret(RamWriter writer, long dataKeyId, GatewaySecretRecord secret) =>
        writer.Execute(
            "INSERT INTO gateway_secrets (name, data_key_id, sealed, created_at) VALUES (@Name, @dataKeyId, @Sealed, @now)",
            new { secret.Name, dataKeyId, secret.Sealed, now = writer.Now });
}
