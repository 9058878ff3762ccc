using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>Who holds: the identity itself, or a group it is in.</summary>
internal sealed record Holder(long Id, string Kind, string Name, long Version);

/// <summary>A policy that an identity has from a holder; no policy at all when <paramref name="Policy"/> is null.</summary>
internal sealed record Holding(Holder Holder, HeldPolicy? Policy);

/// <summary>A custom policy when it has an id, else a system policy.</summary>
/// <param name="Id">Of a custom policy; 0 for a system policy.</param>
/// <param name="Name">Its name.</param>
/// <param name="DefaultVersion">The number that counts.</param>
/// <param name="Version">Raised by every write that changes what counts.</param>
internal sealed record HeldPolicy(long Id, string Name, long DefaultVersion, long Version);

/// <summary>Everything that an identity's permissions are made of, but the documents: one statement, one snapshot.</summary>
internal static class HoldingTable
{
    private const string Select =
        """
        SELECT h.identity_id, h.kind, h.name, h.version, a.attachment_id, a.policy_id, a.system_policy, p.name, p.default_version, p.version
        FROM (SELECT identity_id, kind, name, version, 0 AS place, 0 AS joined_at FROM identities
              WHERE identity_id = @id AND account_id = @account AND kind = @kind
              UNION ALL
              SELECT i.identity_id, i.kind, i.name, i.version, 1, m.joined_at
              FROM group_members m JOIN identities i ON i.identity_id = m.group_id WHERE m.user_id = @id) h
        LEFT JOIN attachments a ON a.identity_id = h.identity_id LEFT JOIN policies p ON p.policy_id = a.policy_id
        ORDER BY h.place, h.joined_at, h.identity_id, a.attachment_id
        """;

    private static readonly PointRead<Holding> Read = new(Select, ["@id", "@account", "@kind"], Row);

    /// <summary>
    /// The identity's own policies, then those of its groups in the order it joined them; at least one row for each holder. Empty
    /// when there is no such identity.
    /// </summary>
    public static IReadOnlyList<Holding> Of(RamDatabase database, string account, string kind, long id)
    {
        var rows = database.List(Read, id, account, kind);

        // Why: a membership says nothing of the account and kind that were asked for.
        return rows is [{ Holder: var first }, ..] && first.Id == id ? rows : [];
    }

    private static Holding Row(SqliteDataReader row)
    {
        var holder = new Holder(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
        if (row.IsDBNull(4))
        {
            return new Holding(holder, null);
        }

        return new Holding(holder, row.IsDBNull(5)
            ? new HeldPolicy(0, row.GetString(6), 0, 0)
            : new HeldPolicy(row.GetInt64(5), row.GetString(7), row.GetInt64(8), row.GetInt64(9)));
    }
}
