namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>A policy as an identity holds it: custom when it has an id, else a system policy.</summary>
internal sealed record AttachmentRecord(
    long IdentityId, long? PolicyId, string? SystemPolicy, string? Name, string? Description, long? DefaultVersion, long? Version, long AttachedAt);

/// <summary>An identity that holds a policy.</summary>
internal sealed record PolicyHolder(long Id, string Kind, string Name, string Comments, string? DisplayName, long AttachedAt);

/// <summary>Which policies are attached to which identity. Attaching and detaching raise the identity.</summary>
internal static class AttachmentTable
{
    /// <summary>In the order they were attached.</summary>
    public static IReadOnlyList<AttachmentRecord> ListOf(RamReader reader, long identityId) =>
        reader.List<AttachmentRecord>(
            """
            SELECT a.identity_id AS IdentityId, a.policy_id AS PolicyId, a.system_policy AS SystemPolicy, p.name AS Name,
                   p.description AS Description, p.default_version AS DefaultVersion, p.version AS Version, a.attached_at AS AttachedAt
            FROM attachments a LEFT JOIN policies p ON p.policy_id = a.policy_id
            WHERE a.identity_id = @identityId ORDER BY a.attachment_id
            """,
            new { identityId });

    /// <summary>The identities of an account that hold a policy, in the order they got it.</summary>
    public static IReadOnlyList<PolicyHolder> HoldersOf(RamReader reader, string account, long? policyId, string? systemPolicy) =>
        reader.List<PolicyHolder>(
            $"""
            SELECT i.identity_id AS Id, i.kind AS Kind, i.name AS Name, i.comments AS Comments, u.display_name AS DisplayName,
                   a.attached_at AS AttachedAt
            FROM attachments a JOIN identities i ON i.identity_id = a.identity_id LEFT JOIN users u ON u.identity_id = i.identity_id
            WHERE {OfPolicy(policyId)} AND i.account_id = @account ORDER BY a.attachment_id
            """,
            new { account, policyId, systemPolicy });

    public static long CountHolders(RamReader reader, string account, long? policyId, string? systemPolicy) =>
        reader.Number(
            $"SELECT count(*) FROM attachments a JOIN identities i ON i.identity_id = a.identity_id WHERE {OfPolicy(policyId)} AND i.account_id = @account",
            new { account, policyId, systemPolicy });

    public static bool HasHolderOfKind(RamReader reader, long policyId, string kind) =>
        reader.Number(
            """
            SELECT EXISTS (SELECT 1 FROM attachments a JOIN identities i ON i.identity_id = a.identity_id
                           WHERE a.policy_id = @policyId AND i.kind = @kind)
            """,
            new { policyId, kind }) > 0;

    public static void Insert(RamWriter writer, long identityId, long? policyId, string? systemPolicy)
    {
        writer.Execute(
            """
            INSERT INTO attachments (identity_id, policy_id, system_policy, attached_at)
            VALUES (@identityId, @policyId, @systemPolicy, @now)
            """,
            new { identityId, policyId, systemPolicy, now = writer.Now });
        writer.RaiseIdentity(identityId);
    }

    /// <summary>False when the identity does not hold the policy.</summary>
    public static bool Delete(RamWriter writer, long identityId, long? policyId, string? systemPolicy)
    {
        var deleted = writer.Execute(
            $"DELETE FROM attachments AS a WHERE a.identity_id = @identityId AND {OfPolicy(policyId)}",
            new { identityId, policyId, systemPolicy });
        if (deleted == 0)
        {
            return false;
        }

        writer.RaiseIdentity(identityId);
        return true;
    }

    // Why not one condition with IS: the indexes are partial, and only an equality uses them.
    private static string OfPolicy(long? policyId) => policyId is null ? "a.system_policy = @systemPolicy" : "a.policy_id = @policyId";
}
