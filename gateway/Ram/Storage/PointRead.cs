using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>
/// One statement that a request waits for when nothing is cached: compiled once for each connection, and as one statement a
/// snapshot of its own.
/// </summary>
/// <param name="sql">The statement.</param>
/// <param name="parameters">Its parameters, in the order in which values are given.</param>
/// <param name="row">Reads one row by the places of its columns.</param>
internal sealed class PointRead<T>(string sql, string[] parameters, Func<SqliteDataReader, T> row)
{
    /// <summary>Every row, in the order of the statement.</summary>
    public IReadOnlyList<T> List(ReadConnection connection, params ReadOnlySpan<object> values)
    {
        var command = connection.Prepared(this, Prepare);
        for (var at = 0; at < values.Length; at++)
        {
            command.Parameters[at].Value = values[at];
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private SqliteCommand Prepare(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // written in this folder; values are always parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}

/// <summary>A connection that reads, with the statements it has compiled.</summary>
internal sealed class ReadConnection(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<object, SqliteCommand> prepared = [];

    /// <summary>The connection itself.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>The command of <paramref name="read"/> on this connection.</summary>
    public SqliteCommand Prepared(object read, Func<SqliteConnection, SqliteCommand> prepare)
    {
        if (!prepared.TryGetValue(read, out var command))
        {
            command = prepare(connection);
            prepared.Add(read, command);
        }

        return command;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }
}
