using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Finds what is due; each kind has an index that holds nothing else, so that asking costs nothing.</summary>
internal static class DueWork
{
    private static readonly Dictionary<DueKind, Rule> Rules = new()
    {
        [DueKind.Deletion] = new("key_id", "keys WHERE delete_at <= @now", "delete_at"),
        [DueKind.Expiry] = new("key_id", "keys WHERE material_expires_at <= @now", "material_expires_at"),
        [DueKind.Rotation] = new("key_id", "keys WHERE next_rotation_at <= @now AND state = 'Enabled'", "next_rotation_at"),
        [DueKind.ImportParameters] = new("import_id", "import_parameters WHERE expires_at <= @now", "expires_at"),
    };

    /// <summary>Kind by kind, in the order of the table: what is gone is not rotated.</summary>
    public static IReadOnlyList<DueItem> Find(
        SqliteConnection connection, DateTimeOffset now, int most, IReadOnlyCollection<DueItem> except)
    {
        var items = new List<DueItem>();
        foreach (var kind in Rules.Keys.TakeWhile(_ => items.Count < most))
        {
            var due = Find(connection, kind, now, most - items.Count + except.Count).Select(id => new DueItem(kind, id));
            items.AddRange(due.Where(item => !except.Contains(item)).Take(most - items.Count));
        }

        return items;
    }

#pragma warning disable S2077 // texts of the table above
    public static bool IsDue(SqliteConnection connection, DueItem item, DateTimeOffset now) =>
        connection.ExecuteScalar<bool>(
            $"SELECT EXISTS (SELECT 1 FROM {Rules[item.Kind].Condition} AND {Rules[item.Kind].Id} = @Id)",
            new { now = now.ToUnixTimeMilliseconds(), item.Id });

    private static IEnumerable<string> Find(SqliteConnection connection, DueKind kind, DateTimeOffset now, int most) =>
        connection.Query<string>(
            $"SELECT {Rules[kind].Id} FROM {Rules[kind].Condition} ORDER BY {Rules[kind].Order} LIMIT @most",
            new { now = now.ToUnixTimeMilliseconds(), most });
#pragma warning restore S2077

    private sealed record Rule(string Id, string Condition, string Order);
}
