using System.Globalization;
using Dapper;
using KmsGateway.Core.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>Brings a database to the schema of this program: the embedded <c>Migrations/NNN_what.sql</c>, each one transaction.</summary>
internal static class RamMigrations
{
    private const string ResourcePrefix = "KmsGateway.Gateway.Ram.Migrations.";

    /// <summary>The schema this program writes.</summary>
    public static int Current { get; } = Numbered().Last().Number;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StartupException">The database was written by a newer program.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var present = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (present > Current)
        {
            throw new StartupException(
                StartupException.CouldNotStart,
                $"The identity database {connection.DataSource} has schema {present}, this program knows up to {Current}: start a newer program.");
        }

        foreach (var (number, resource) in Numbered().Where(migration => migration.Number > present))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            connection.Execute(Text(resource), transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }

    private static IEnumerable<(int Number, string Resource)> Numbered() =>
        typeof(RamMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(ResourcePrefix.Length, 3), CultureInfo.InvariantCulture), name))
            .OrderBy(migration => migration.Item1);

    private static string Text(string resource)
    {
        using var stream = typeof(RamMigrations).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
