namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>Values of <c>identities.kind</c>.</summary>
internal static class IdentityKind
{
    public const string Root = "root";
    public const string User = "user";
    public const string Group = "group";
    public const string Role = "role";
}

/// <summary>What users, groups and roles have in common. Times are Unix milliseconds.</summary>
internal sealed record IdentityRecord(
    long Id, string AccountId, string Kind, string Name, string Comments, long Version, long CreatedAt, long UpdatedAt);

/// <summary>
/// Users, groups, roles and roots as rows. Names are unique whatever their letter case, and found only in the spelling they
/// were made with: a policy that speaks of <c>user/alice</c> must not be got around by asking for <c>ALICE</c>.
/// </summary>
internal static class IdentityTable
{
    private const string Columns =
        "identity_id AS Id, account_id AS AccountId, kind AS Kind, name AS Name, comments AS Comments, version AS Version, "
        + "created_at AS CreatedAt, updated_at AS UpdatedAt";

    public static IdentityRecord? FindByName(RamReader reader, string account, string kind, string name) =>
        reader.Find<IdentityRecord>(
            $"SELECT {Columns} FROM identities WHERE account_id = @account AND kind = @kind AND name_key = @key AND name = @name",
            new { account, kind, name, key = NameKey(name) });

    public static IdentityRecord? FindById(RamReader reader, string account, string kind, long id) =>
        reader.Find<IdentityRecord>(
            $"SELECT {Columns} FROM identities WHERE identity_id = @id AND account_id = @account AND kind = @kind",
            new { account, kind, id });

    /// <summary>Whether the name is taken, in any letter case, by another identity than <paramref name="exceptId"/>.</summary>
    public static bool IsTaken(RamReader reader, string account, string kind, string name, long exceptId = 0) =>
        reader.Number(
            "SELECT count(*) FROM identities WHERE account_id = @account AND kind = @kind AND name_key = @key AND identity_id <> @exceptId",
            new { account, kind, key = NameKey(name), exceptId }) > 0;

    public static long Count(RamReader reader, string account, string kind) =>
        reader.Number("SELECT count(*) FROM identities WHERE account_id = @account AND kind = @kind", new { account, kind });

    public static IReadOnlyList<IdentityRecord> Page(RamReader reader, string account, string kind, string after, int count) =>
        reader.List<IdentityRecord>(
            $"SELECT {Columns} FROM identities WHERE account_id = @account AND kind = @kind AND name_key > @after ORDER BY name_key LIMIT @count",
            new { account, kind, after, count });

    /// <summary>All of a kind, by name.</summary>
    public static IReadOnlyList<IdentityRecord> Everything(RamReader reader, string account, string kind) =>
        reader.List<IdentityRecord>(
            $"SELECT {Columns} FROM identities WHERE account_id = @account AND kind = @kind ORDER BY name_key", new { account, kind });

    public static void Insert(RamWriter writer, long id, string account, string kind, string name, string comments) =>
        writer.Execute(
            """
            INSERT INTO identities (identity_id, account_id, kind, name, name_key, comments, version, created_at, updated_at)
            VALUES (@id, @account, @kind, @name, @key, @comments, @version, @now, @now)
            """,
            new { id, account, kind, name, key = NameKey(name), comments, version = writer.NextVersion(), now = writer.Now });

    /// <summary>A new name or comment; a new name raises the identity, since its ARN is what policies speak of.</summary>
    public static void Update(RamWriter writer, IdentityRecord identity, string name, string comments)
    {
        writer.Execute(
            "UPDATE identities SET name = @name, name_key = @key, comments = @comments, updated_at = @now WHERE identity_id = @Id",
            new { identity.Id, name, key = NameKey(name), comments, now = writer.Now });
        if (!string.Equals(identity.Name, name, StringComparison.Ordinal))
        {
            writer.RaiseIdentity(identity.Id);
        }
    }

    /// <summary>Raises and removes; details and tags go with it, keys, memberships and attachments must be gone.</summary>
    public static void Delete(RamWriter writer, long id)
    {
        writer.RaiseIdentity(id);
        writer.Execute("DELETE FROM identities WHERE identity_id = @id", new { id });
    }

    /// <summary>What uniqueness and paging go by.</summary>
    public static string NameKey(string name) => name.ToLowerInvariant();
}
