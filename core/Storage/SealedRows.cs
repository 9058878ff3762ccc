using Dapper;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Import;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>One sealed record, wherever it is stored.</summary>
/// <param name="Table">Where.</param>
/// <param name="Id">Which.</param>
/// <param name="Epoch">What it is sealed under.</param>
/// <param name="Sealed">The record.</param>
/// <param name="AssociatedData">What it belongs to, once it is sealed under an epoch.</param>
internal sealed record SealedRow(string Table, string Id, int Epoch, byte[] Sealed, Func<int, byte[]> AssociatedData);

/// <summary>A place in the order of all sealed records.</summary>
internal readonly record struct SealedPlace(int Table, string Id)
{
    public static SealedPlace Start => new(0, string.Empty);
}

/// <summary>
/// Every table that holds sealed records (columns <c>epoch</c> and <c>sealed</c>), for whoever must see them all. A test holds this list to
/// the schema.
/// </summary>
internal static class SealedRows
{
    private static readonly SealedTable[] All =
    [
        new("key_versions", "version_id", "key_id, k.spec, k.protection_level, k.origin", "key_versions t JOIN keys k USING (key_id)",
            row => epoch => new MaterialIdentity(row.First, row.Id, row.Second, row.Third, row.Fourth, epoch).AssociatedData()),
        new("import_parameters", "import_id", "key_id, algorithm, '', ''", "import_parameters t",
            row => _ => ImportKeys.AssociatedData(row.Id, row.First, row.Second)),
        new("core_secrets", "name", "'', '', '', ''", "core_secrets t", row => _ => CoreSecrets.AssociatedData(row.Id)),
    ];

    public static IEnumerable<string> Tables => All.Select(table => table.Name);

#pragma warning disable S2077 // texts of the table above
    /// <summary>Records under other epochs than <paramref name="epoch"/>, from a place on, and the place after them; null at the end.</summary>
    public static (IReadOnlyList<SealedRow> Rows, SealedPlace? Next) FindOthers(SqliteConnection connection, int epoch, SealedPlace from, int most)
    {
        for (var place = from; place.Table < All.Length; place = new SealedPlace(place.Table + 1, string.Empty))
        {
            var table = All[place.Table];
            var found = connection.Query<(string Id, long Epoch, byte[] Sealed, string First, string Second, string Third, string Fourth)>(
                $"SELECT t.{table.Id}, t.epoch, t.sealed, {table.Fields} FROM {table.Source} WHERE t.epoch <> @epoch AND t.{table.Id} > @after ORDER BY t.{table.Id} LIMIT @most",
                new { epoch, after = place.Id, most }).AsList();
            if (found.Count > 0)
            {
                return (
                    [.. found.Select(row => new SealedRow(
                        table.Name, row.Id, (int)row.Epoch, row.Sealed, table.AssociatedData(new Fields(row.Id, row.First, row.Second, row.Third, row.Fourth))))],
                    place with { Id = found[^1].Id });
            }
        }

        return ([], null);
    }

    /// <summary>Whether any record is under another epoch. Reads every row: there is no index on the epoch, which is asked for once in years.</summary>
    public static bool HasOthers(SqliteConnection connection, int epoch) => All.Any(table =>
        connection.ExecuteScalar<bool>($"SELECT EXISTS (SELECT 1 FROM {table.Name} WHERE epoch <> @epoch)", new { epoch }));

    /// <summary>Puts the same secret, sealed under another epoch, in the place of a record.</summary>
    public static void Replace(SqliteConnection connection, SealedRow row, int epoch, byte[] sealedRecord)
    {
        var table = All.Single(each => each.Name == row.Table);
        var changed = connection.Execute(
            $"UPDATE {table.Name} SET epoch = @epoch, sealed = @sealedRecord WHERE {table.Id} = @Id", new { row.Id, epoch, sealedRecord });
        if (changed != 1)
        {
            throw new InvalidOperationException("The record to seal again is gone.");
        }
    }
#pragma warning restore S2077

    private sealed record SealedTable(string Name, string Id, string Fields, string Source, Func<Fields, Func<int, byte[]>> AssociatedData);

    private sealed record Fields(string Id, string First, string Second, string Third, string Fourth);
}
