using Dapper;
using KmsGateway.Core.Keys;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>What counts against the quotas of keys and versions; what the writer and the readers have in common.</summary>
internal static class QuotaRows
{
    public const string NotDestroyed = " AND (k.delete_at IS NULL OR k.delete_at > @Now)";

    public static long CountKeys(SqliteConnection connection, string account, string region, DateTimeOffset now) => connection.ExecuteScalar<long>(
        "SELECT count(*) FROM keys k WHERE account = @account AND region = @region AND managed_by IS NULL" + NotDestroyed,
        new { account, region, Now = now.ToUnixTimeMilliseconds() });

    public static bool HasVersions(SqliteConnection connection, string account, string region, int count) =>
        HasVersionsWhere(connection, string.Empty, account, region, count);

    public static bool HasVersionsOfPairs(SqliteConnection connection, string account, string region, int count) =>
        HasVersionsWhere(connection, "AND k.spec IN @Pairs", account, region, count);

#pragma warning disable S2077 // the condition is one of the two above
    /// <summary>Counted no further than is asked for.</summary>
    private static bool HasVersionsWhere(SqliteConnection connection, string condition, string account, string region, int count) =>
        connection.ExecuteScalar<long>(
            "SELECT count(*) FROM (SELECT 1 FROM key_versions JOIN keys k USING (key_id) WHERE k.account = @account AND k.region = @region"
            + $" AND k.managed_by IS NULL {condition} LIMIT @count)",
            new { account, region, count, KeySpec.Pairs }) >= count;
#pragma warning restore S2077
}
