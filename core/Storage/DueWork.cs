using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Finds what is due; each kind has an index that holds nothing else, so that asking costs nothing.</summary>
internal static class DueWork
{
    private static readonly Dictionary<DueKind, string> Conditions = new()
    {
        [DueKind.Deletion] = "key_id FROM keys WHERE delete_at <= @now ORDER BY delete_at",
        [DueKind.Expiry] = "key_id FROM keys WHERE material_expires_at <= @now ORDER BY material_expires_at",
        [DueKind.Rotation] = "key_id FROM keys WHERE next_rotation_at <= @now AND state = 'Enabled' ORDER BY next_rotation_at",
        [DueKind.ImportParameters] = "import_id FROM import_parameters WHERE expires_at <= @now ORDER BY expires_at",
    };

    /// <summary>Every kind there is, in the order in which it is done: what is gone is not rotated.</summary>
    public static IReadOnlyCollection<DueKind> Kinds => Conditions.Keys;

#pragma warning disable S2077 // texts of the table above
    public static IReadOnlyList<string> Find(SqliteConnection connection, DueKind kind, DateTimeOffset now, int most) =>
        connection.Query<string>(
            $"SELECT {Conditions[kind]} LIMIT @most", new { now = now.ToUnixTimeMilliseconds(), most }).AsList();
#pragma warning restore S2077

    public static bool IsAny(SqliteConnection connection, DateTimeOffset now) =>
        Kinds.Any(kind => Find(connection, kind, now, 1).Count > 0);
}
