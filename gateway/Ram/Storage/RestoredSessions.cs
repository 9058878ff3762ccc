using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>
/// Ends every session that a restored ram.db would honour: which of them were revoked after the backup was made is not in it.
/// </summary>
internal static class RestoredSessions
{
    /// <summary>Revokes the sessions of all roles up to now. A database of before sessions could be revoked is left as it is.</summary>
    public static void Revoke(string path, TimeProvider clock)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        if (connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM pragma_table_info('roles') WHERE name = 'revoke_before')"))
        {
            connection.Execute("UPDATE roles SET revoke_before = max(revoke_before, @now)", new { now = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        }

        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
