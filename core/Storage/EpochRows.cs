using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>An epoch that records may be sealed under, with the proof of its root.</summary>
internal sealed record EpochRow(int Number, byte[] Canary);

/// <summary>An epoch that nothing is sealed under any more.</summary>
internal sealed record RetiredEpoch(int Number, byte[] RootId, DateTimeOffset RetiredAt);

/// <summary>The epochs of a database, oldest first.</summary>
internal sealed record EpochRows(IReadOnlyList<EpochRow> InUse, IReadOnlyList<RetiredEpoch> Retired)
{
    public static EpochRows Read(SqliteConnection connection) => new(
        [.. connection.Query<(long Number, byte[] Canary)>("SELECT epoch, canary FROM seal_epochs ORDER BY epoch").Select(row => new EpochRow((int)row.Number, row.Canary))],
        // Why asked for: a backup of an older schema has none.
        connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'retired_epochs'") == 0 ? [] :
        [
            .. connection.Query<(long Number, byte[] RootId, long At)>("SELECT epoch, root_id, retired_at FROM retired_epochs ORDER BY epoch")
                .Select(row => new RetiredEpoch((int)row.Number, row.RootId, DateTimeOffset.FromUnixTimeMilliseconds(row.At))),
        ]);

    public static void Insert(SqliteConnection connection, EpochRow epoch, DateTimeOffset now) => connection.Execute(
        "INSERT INTO seal_epochs (epoch, canary, created_at) VALUES (@Number, @Canary, @now)",
        new { epoch.Number, epoch.Canary, now = now.ToUnixTimeMilliseconds() });

    /// <summary>Fails while a row names the epoch.</summary>
    public static void Retire(SqliteConnection connection, RetiredEpoch epoch)
    {
        connection.Execute("DELETE FROM seal_epochs WHERE epoch = @Number", new { epoch.Number });
        connection.Execute(
            "INSERT INTO retired_epochs (epoch, root_id, retired_at) VALUES (@Number, @RootId, @at)",
            new { epoch.Number, epoch.RootId, at = epoch.RetiredAt.ToUnixTimeMilliseconds() });
    }
}
