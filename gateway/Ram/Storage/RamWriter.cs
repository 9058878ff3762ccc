using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>
/// One write: a transaction that is committed whole. What can change a decision is raised here, and only what is raised
/// leaves the caches when the transaction ends.
/// </summary>
internal sealed class RamWriter(SqliteConnection connection, SqliteTransaction transaction, DateTimeOffset now)
    : RamReader(connection, transaction)
{
    private readonly HashSet<long> changed = [];

    /// <summary>Unix milliseconds, the same for the whole write.</summary>
    public long Now { get; } = now.ToUnixTimeMilliseconds();

    /// <summary>Identities and policies that this write raised.</summary>
    public IReadOnlyCollection<long> Changed => changed;

    /// <summary>The number of rows that changed.</summary>
    public int Execute(string sql, object? arguments = null) => Connection.Execute(sql, arguments, Transaction);

    /// <summary>The next version of the store.</summary>
    public long NextVersion() =>
        Number("UPDATE version_sequence SET last_version = last_version + 1 RETURNING last_version");

    /// <summary>A new version for a user, group, role or root; everything cached that depends on it goes.</summary>
    public void RaiseIdentity(long identityId)
    {
        Execute("UPDATE identities SET version = @version WHERE identity_id = @identityId", new { version = NextVersion(), identityId });
        changed.Add(identityId);
    }

    /// <summary>A new version for a policy; everything cached that depends on it goes.</summary>
    public void RaisePolicy(long policyId)
    {
        Execute("UPDATE policies SET version = @version WHERE policy_id = @policyId", new { version = NextVersion(), policyId });
        changed.Add(policyId);
    }
}
