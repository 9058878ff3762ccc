using System.Security.Cryptography;
using System.Text;
using Dapper;
using KmsGateway.Core.Crypto;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Storage;

/// <summary>Keys of the core's own, sealed as material is.</summary>
internal static class CoreSecrets
{
    /// <summary>The key that import tokens are sealed under.</summary>
    public const string ImportTokens = "import-tokens";

    private const int Length = 32;

    public static byte[] AssociatedData(string name) => Encoding.ASCII.GetBytes($"kms-core-secret-1:{name}");

    /// <summary>The secret of a name, made when there is none. The roots stay the caller's.</summary>
    /// <exception cref="SealedRecordException">It was altered.</exception>
    public static KeyMaterial OpenOrCreate(SqliteConnection connection, Sealing sealing, string name)
    {
        var rows = connection.Query<(long Epoch, byte[] Sealed)>("SELECT epoch, sealed FROM core_secrets WHERE name = @name", new { name }).AsList();
        return rows is [var row] ? Open(sealing, name, (int)row.Epoch, row.Sealed) : Create(connection, sealing, name);
    }

    private static KeyMaterial Open(Sealing sealing, string name, int epoch, byte[] sealedRecord)
    {
        Span<byte> secret = stackalloc byte[Length];
        try
        {
            return sealing.TryOpen(sealedRecord, AssociatedData(name), epoch, secret)
                ? KeyMaterial.From(secret)
                : throw new SealedRecordException(name);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static KeyMaterial Create(SqliteConnection connection, Sealing sealing, string name)
    {
        var secret = KeyMaterial.Random(Length);
        var epoch = sealing.Epoch;
        var sealedRecord = sealing.Seal(secret.ExposeBytes(SecretAccess.Seal), AssociatedData(name), epoch);
        connection.Execute("INSERT INTO core_secrets (name, epoch, sealed) VALUES (@name, @epoch, @sealedRecord)", new { name, epoch, sealedRecord });
        return secret;
    }
}
