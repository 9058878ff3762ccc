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

    /// <summary>Every kind there is, in the order in which it is done: what is gone is not rotated.</summary>
    public static IReadOnlyCollection<DueKind> Kinds => Rules.Keys;

#pragma warning disable S2077 // texts of the table above
    public static IReadOnlyList<string> Find(SqliteConnection connection, DueKind kind, DateTimeOffset now, int most) =>
        connection.Query<string>(
            $"SELECT {Rules[kind].Id} FROM {Rules[kind].Condition} ORDER BY {Rules[kind].Order} LIMIT @most",
            new { now = now.ToUnixTimeMilliseconds(), most }).AsList();

    public static bool IsDue(SqliteConnection connection, DueKind kind, string id, DateTimeOffset now) =>
        connection.ExecuteScalar<bool>(
            $"SELECT EXISTS (SELECT 1 FROM {Rules[kind].Condition} AND {Rules[kind].Id} = @id)",
            new { now = now.ToUnixTimeMilliseconds(), id });
#pragma warning restore S2077

    public static bool IsAny(SqliteConnection connection, DateTimeOffset now) =>
        Kinds.Any(kind => Find(connection, kind, now, 1).Count > 0);

    private sealed record Rule(string Id, string Condition, string Order);
}
