using System.Globalization;
using System.Reflection;
using Dapper;
using KmsGateway.Core.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Opens <c>keys.db</c> and brings its schema to this program's. Source: decisions.md D8.</summary>
internal static class SqliteDatabase
{
    public const string FileName = "keys.db";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A connection that writes; the file is made, owner-only, when it is absent.</summary>
    public static SqliteConnection OpenWriter(string path)
    {
        if (!File.Exists(path) && !OperatingSystem.IsWindows())
        {
            using var created = new FileStream(
                path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        }

        var connection = Open(path, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
        return connection;
    }

    public static SqliteConnection OpenReader(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA query_only = ON;");
        return connection;
    }

    /// <summary>Applies what is missing of <c>Migrations/NNN_what.sql</c>, each in a transaction with its number.</summary>
    /// <exception cref="StartupException">The database was made by a newer program.</exception>
    public static void Migrate(SqliteConnection connection) => Migrate(connection, Migrations());

    /// <summary>Stops before anything is touched.</summary>
    public static void RefuseNewer(SqliteConnection connection) => RefuseNewer(connection, Migrations());

    internal static void Migrate(SqliteConnection connection, IReadOnlyList<(int Number, string Sql)> migrations)
    {
        var present = RefuseNewer(connection, migrations);
        foreach (var (number, sql) in migrations.Where(migration => migration.Number > present))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(sql, transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }

    private static long RefuseNewer(SqliteConnection connection, IReadOnlyList<(int Number, string Sql)> migrations)
    {
        var present = connection.ExecuteScalar<long>("PRAGMA user_version");
        var newest = migrations[^1].Number;
        return present <= newest
            ? present
            : throw new StartupException(
                StartupException.CouldNotStart,
                string.Create(CultureInfo.InvariantCulture, $"{FileName} has schema {present}, this program knows {newest}: start a newer program."));
    }

    internal static IReadOnlyList<(int Number, string Sql)> Migrations()
    {
        const string folder = ".Storage.Migrations.";
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from name in assembly.GetManifestResourceNames()
               let at = name.IndexOf(folder, StringComparison.Ordinal)
               where at >= 0
               let number = int.Parse(name.AsSpan(at + folder.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture)
               orderby number
               select (number, Read(assembly, name)),
        ];
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true }.ToString());
        connection.Open();
        connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;");
        return connection;
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
