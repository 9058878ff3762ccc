using System.Globalization;
using System.Text;
using Dapper;
using KmsGateway.Core.Keys;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Pages of keys and aliases, in order of creation, then of id. Page and count come from one snapshot.</summary>
internal static class KeyListing
{
    private const string NotDestroyed = " AND (k.delete_at IS NULL OR k.delete_at > @now)";

    private static readonly Dictionary<KeyFilterColumn, string> Columns = new()
    {
        [KeyFilterColumn.KeyState] =
            "CASE WHEN k.material_expires_at <= @now AND k.state <> 'PendingDeletion' THEN 'PendingImport' ELSE k.state END",
        [KeyFilterColumn.KeySpec] = "k.spec",
        [KeyFilterColumn.KeyUsage] = "k.usage",
        [KeyFilterColumn.ProtectionLevel] = "k.protection_level",
        [KeyFilterColumn.CreatorType] = "CASE WHEN k.managed_by IS NULL THEN 'User' ELSE 'Service' END",
        [KeyFilterColumn.KeyId] = "k.key_id",
        [KeyFilterColumn.Creator] = "k.creator",
        [KeyFilterColumn.DKMSInstanceId] = "NULL",
    };

    /// <summary>What a key has several of: it passes when one row of that table passes all filters of the table.</summary>
    private static readonly Dictionary<KeyFilterColumn, (string Table, string Column)> Rows = new()
    {
        [KeyFilterColumn.AliasName] = ("aliases", "name"),
        [KeyFilterColumn.TagKey] = ("tags", "tag_key"),
        [KeyFilterColumn.TagValue] = ("tags", "tag_value"),
    };

    public static Page<KeyRow> Keys(SqliteConnection connection, KeyQuery query, DateTimeOffset now)
    {
        var arguments = Arguments(query.Account, query.Region, query.PageNumber, query.PageSize, now);
        var where = new StringBuilder(" FROM keys k WHERE k.account = @account AND k.region = @region").Append(NotDestroyed);
        AppendFilters(where, arguments, query.Filters);
        connection.Execute("BEGIN DEFERRED");
#pragma warning disable S2077 // columns come from the tables above, values are arguments
        var total = connection.ExecuteScalar<long>("SELECT count(*)" + where, arguments);
        var rows = connection.Query<string>(
            "SELECT k.key_id" + where + " ORDER BY k.created_at, k.key_id LIMIT @take OFFSET @skip", arguments);
#pragma warning restore S2077
        connection.Execute("COMMIT");
        return new Page<KeyRow>([.. rows.Select(keyId => new KeyRow(keyId))], total);
    }

    public static Page<AliasRecord> Aliases(SqliteConnection connection, AliasQuery query, DateTimeOffset now)
    {
        var arguments = Arguments(query.Account, query.Region, query.PageNumber, query.PageSize, now);
        arguments.Add("keyId", query.KeyId);
        const string where =
            " WHERE account = @account AND region = @region AND (@keyId IS NULL OR key_id = @keyId)"
            + " AND EXISTS (SELECT 1 FROM keys k WHERE k.key_id = aliases.key_id" + NotDestroyed + ")";
        connection.Execute("BEGIN DEFERRED");
        var total = connection.ExecuteScalar<long>("SELECT count(*) FROM aliases" + where, arguments);
        var rows = KeyRows.Aliases(connection, where + " ORDER BY created_at, name LIMIT @take OFFSET @skip", arguments).ToArray();
        connection.Execute("COMMIT");
        return new Page<AliasRecord>(rows, total);
    }

    public static Page<VersionRow> Versions(SqliteConnection connection, VersionQuery query)
    {
        var arguments = new { query.KeyId, take = query.PageSize, skip = (query.PageNumber - 1L) * query.PageSize };
        connection.Execute("BEGIN DEFERRED");
        var total = connection.ExecuteScalar<long>("SELECT count(*) FROM key_versions WHERE key_id = @KeyId", arguments);
        var rows = connection.Query<(string VersionId, long CreatedAt)>(
            """
            SELECT version_id, created_at FROM key_versions WHERE key_id = @KeyId
            ORDER BY created_at DESC, version_id DESC LIMIT @take OFFSET @skip
            """,
            arguments);
        connection.Execute("COMMIT");
        return new Page<VersionRow>(
            [.. rows.Select(row => new VersionRow(query.KeyId, row.VersionId, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt)))], total);
    }

    private static void AppendFilters(StringBuilder where, DynamicParameters arguments, IReadOnlyList<KeyFilter> filters)
    {
        foreach (var filter in filters)
        {
            arguments.Add(NameOf(filter.Column), filter.Values);
            if (Columns.TryGetValue(filter.Column, out var column))
            {
                where.Append(CultureInfo.InvariantCulture, $" AND {column} IN @{NameOf(filter.Column)}");
            }
        }

        foreach (var table in filters.Where(filter => Rows.ContainsKey(filter.Column)).GroupBy(filter => Rows[filter.Column].Table, StringComparer.Ordinal))
        {
            where.Append(CultureInfo.InvariantCulture, $" AND EXISTS (SELECT 1 FROM {table.Key} r WHERE r.key_id = k.key_id");
            foreach (var filter in table)
            {
                where.Append(CultureInfo.InvariantCulture, $" AND r.{Rows[filter.Column].Column} IN @{NameOf(filter.Column)}");
            }

            where.Append(')');
        }
    }

    private static string NameOf(KeyFilterColumn column) => $"filter{column}";

    private static DynamicParameters Arguments(string account, string region, int pageNumber, int pageSize, DateTimeOffset now)
    {
        var arguments = new DynamicParameters();
        arguments.Add("account", account);
        arguments.Add("region", region);
        arguments.Add("now", now.ToUnixTimeMilliseconds());
        arguments.Add("take", pageSize);
        arguments.Add("skip", (pageNumber - 1L) * pageSize);
        return arguments;
    }
}
