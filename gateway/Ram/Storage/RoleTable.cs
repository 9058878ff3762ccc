namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>A role with its trust policy.</summary>
internal sealed record RoleRecord(
    long Id,
    string AccountId,
    string Name,
    string Description,
    long CreatedAt,
    long UpdatedAt,
    string TrustDocument,
    long MaxSessionSeconds,
    long RevokeBefore);

/// <summary>RAM roles.</summary>
internal static class RoleTable
{
    private const string Select =
        """
        SELECT i.identity_id AS Id, i.account_id AS AccountId, i.name AS Name, i.comments AS Description, i.created_at AS CreatedAt,
               i.updated_at AS UpdatedAt, r.trust_document AS TrustDocument, r.max_session_seconds AS MaxSessionSeconds,
               r.revoke_before AS RevokeBefore
        FROM identities i JOIN roles r ON r.identity_id = i.identity_id
        """;

    public static RoleRecord Get(RamReader reader, long id) =>
        reader.Find<RoleRecord>($"{Select} WHERE i.identity_id = @id", new { id })!;

    public static IReadOnlyList<RoleRecord> Page(RamReader reader, string account, string? tagFilter, string after, int count) =>
        reader.List<RoleRecord>(
            $"""
            {Select} WHERE i.account_id = @account AND i.kind = 'role' AND i.name_key > @after
            AND {TagTable.RoleCarries} ORDER BY i.name_key LIMIT @count
            """,
            new { account, tagFilter, after, count });

    /// <summary>A new role. Why sessions from before are revoked: a seeded role may have the id of one that was deleted.</summary>
    public static void Insert(RamWriter writer, long id, string trustDocument, long maxSessionSeconds) =>
        writer.Execute(
            "INSERT INTO roles (identity_id, trust_document, max_session_seconds, revoke_before) VALUES (@id, @trustDocument, @maxSessionSeconds, @now)",
            new { id, trustDocument, maxSessionSeconds, now = writer.Now });

    /// <summary>New settings; a new trust policy raises the role.</summary>
    public static void Update(RamWriter writer, RoleRecord role, string trustDocument, long maxSessionSeconds)
    {
        writer.Execute(
            "UPDATE roles SET trust_document = @trustDocument, max_session_seconds = @maxSessionSeconds WHERE identity_id = @Id",
            new { role.Id, trustDocument, maxSessionSeconds });
        if (!string.Equals(role.TrustDocument, trustDocument, StringComparison.Ordinal))
        {
            writer.RaiseIdentity(role.Id);
        }
    }

    /// <summary>Every session that was issued until now is dead; one more millisecond each time, should the clock stand still or go back.</summary>
    public static void RevokeSessions(RamWriter writer, RoleRecord role)
    {
        writer.Execute(
            "UPDATE roles SET revoke_before = max(revoke_before, @now) + 1 WHERE identity_id = @Id", new { role.Id, now = writer.Now });
        writer.RaiseIdentity(role.Id);
    }
}
