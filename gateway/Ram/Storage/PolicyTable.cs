namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>A custom policy without its documents.</summary>
internal sealed record PolicyRecord(
    long Id, string Name, string Description, long DefaultVersion, long LastNumber, long CreatedAt, long UpdatedAt);

/// <summary>Custom policies; names behave as those of <see cref="IdentityTable"/>.</summary>
internal static class PolicyTable
{
    private const string Columns =
        "policy_id AS Id, name AS Name, description AS Description, default_version AS DefaultVersion, last_number AS LastNumber, "
        + "created_at AS CreatedAt, updated_at AS UpdatedAt";

    public static PolicyRecord? Find(RamReader reader, string account, string name) =>
        reader.Find<PolicyRecord>(
            $"SELECT {Columns} FROM policies WHERE account_id = @account AND name_key = @key AND name = @name",
            new { account, name, key = IdentityTable.NameKey(name) });

    public static bool IsTaken(RamReader reader, string account, string name) =>
        reader.Number(
            "SELECT count(*) FROM policies WHERE account_id = @account AND name_key = @key",
            new { account, key = IdentityTable.NameKey(name) }) > 0;

    public static long Count(RamReader reader, string account) =>
        reader.Number("SELECT count(*) FROM policies WHERE account_id = @account", new { account });

    public static IReadOnlyList<PolicyRecord> Page(RamReader reader, string account, string? tagFilter, string after, int count) =>
        reader.List<PolicyRecord>(
            $"""
            SELECT {Columns} FROM policies WHERE account_id = @account AND name_key > @after
            AND {TagTable.PolicyCarries} ORDER BY name_key LIMIT @count
            """,
            new { account, tagFilter, after, count });

    /// <summary>A policy whose version 1 is the default; the version's document is inserted by the caller.</summary>
    public static void Insert(RamWriter writer, long id, string account, string name, string description) =>
        writer.Execute(
            """
            INSERT INTO policies (policy_id, account_id, name, name_key, description, default_version, last_number, version, created_at, updated_at)
            VALUES (@id, @account, @name, @key, @description, 1, 1, @version, @now, @now)
            """,
            new { id, account, name, key = IdentityTable.NameKey(name), description, version = writer.NextVersion(), now = writer.Now });

    public static void SetDescription(RamWriter writer, long id, string description) =>
        writer.Execute(
            "UPDATE policies SET description = @description, updated_at = @now WHERE policy_id = @id",
            new { id, description, now = writer.Now });

    /// <summary>Another version counts from now on: raises the policy.</summary>
    public static void SetDefaultVersion(RamWriter writer, long id, long number)
    {
        writer.Execute(
            "UPDATE policies SET default_version = @number, updated_at = @now WHERE policy_id = @id", new { id, number, now = writer.Now });
        writer.RaisePolicy(id);
    }

    /// <summary>Removes a policy that is attached nowhere, with its versions.</summary>
    public static void Delete(RamWriter writer, long id)
    {
        writer.Execute("DELETE FROM policy_versions WHERE policy_id = @id", new { id });
        writer.Execute("DELETE FROM policies WHERE policy_id = @id", new { id });
    }
}
