using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Rows of ListTagResources; a page goes on after the last row of the one before, whatever changed meanwhile.</summary>
internal static class TagListing
{
    private const string All =
        """
        SELECT t.key_id, t.tag_key, t.tag_value FROM tags t JOIN keys k USING (key_id)
        WHERE k.account = @Account AND k.region = @Region AND (k.delete_at IS NULL OR k.delete_at > @now)
            AND (t.key_id, t.tag_key) > (@afterKey, @afterTag)
        """;

    public static IReadOnlyList<TagRow> Rows(SqliteConnection connection, TagQuery query, DateTimeOffset now)
    {
        var sql = new StringBuilder(All);
        var arguments = new DynamicParameters(new { query.Account, query.Region, query.Most, now = now.ToUnixTimeMilliseconds() });
        arguments.Add("afterKey", query.After.KeyId);
        arguments.Add("afterTag", query.After.TagKey);
        if (query.KeyIds is not null)
        {
            sql.Append(" AND t.key_id IN @keyIds");
            arguments.Add("keyIds", query.KeyIds);
        }

        for (var index = 0; index < query.Carried.Count; index++)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND EXISTS (SELECT 1 FROM tags c WHERE c.key_id = t.key_id AND c.tag_key = @key{index}");
            sql.Append(CultureInfo.InvariantCulture, $" AND @value{index} IN ('', c.tag_value))");
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"key{index}"), query.Carried[index].Key);
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"value{index}"), query.Carried[index].Value);
        }

#pragma warning disable S2077 // the texts above; every value is an argument
        var rows = connection.Query<(string KeyId, string TagKey, string TagValue)>(
            sql.Append(" ORDER BY t.key_id, t.tag_key LIMIT @Most").ToString(), arguments);
#pragma warning restore S2077
        return [.. rows.Select(row => new TagRow(row.KeyId, row.TagKey, row.TagValue))];
    }
}
