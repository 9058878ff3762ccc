using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>One consistent view of the identity database: every query sees the same committed state.</summary>
internal class RamReader(SqliteConnection connection, SqliteTransaction transaction)
{
    private protected SqliteConnection Connection => connection;

    private protected SqliteTransaction Transaction => transaction;

    /// <summary>The only row, or null.</summary>
    public T? Find<T>(string sql, object? arguments = null)
        where T : class => connection.QuerySingleOrDefault<T>(sql, arguments, transaction);

    /// <summary>Every row, in the order of the statement.</summary>
    public IReadOnlyList<T> List<T>(string sql, object? arguments = null) =>
        connection.Query<T>(sql, arguments, transaction).AsList();

    /// <summary>One number.</summary>
    public long Number(string sql, object? arguments = null) =>
        connection.ExecuteScalar<long>(sql, arguments, transaction);
}
