using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Backups;

/// <summary>A database file that nobody writes: one of a backup.</summary>
internal static class DatabaseFile
{
    public static SqliteConnection OpenToRead(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA trusted_schema = OFF");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
