using Dapper;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Backups;

/// <summary>
/// What must never be used twice is moved beyond whatever was used after the backup was made: a gateway may still know it from before.
/// Source: crypto-core.md section 3 (restore), decisions.md D3.
/// </summary>
internal static class RestoredCounters
{
    /// <summary>2^24.</summary>
    public const long Step = 1 << 24;

    /// <summary>Of a database of any schema; what an older one lacks, its migration makes anew.</summary>
    private static readonly (string Table, string Column)[] Counters =
    [
        ("sequences", "value"),
        ("keys", "metadata_version"),
        ("key_versions", "messages"),
    ];

#pragma warning disable S2077 // texts of the table above
    public static void Advance(string path)
    {
        using var connection = SqliteDatabase.OpenWriter(path);
        using var transaction = connection.BeginTransaction();
        foreach (var (table, column) in Counters.Where(counter => Exists(connection, counter)))
        {
            connection.Execute($"UPDATE {table} SET {column} = {column} + @Step", new { Step }, transaction);
        }

        transaction.Commit();
    }

    private static bool Exists(SqliteConnection connection, (string Table, string Column) counter) => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info(@Table) WHERE name = @Column)", new { counter.Table, counter.Column });
#pragma warning restore S2077
}
