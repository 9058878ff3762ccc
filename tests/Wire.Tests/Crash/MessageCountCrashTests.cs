using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KmsGateway.Wire.Tests.Crash;

/// <summary><c>kill -9</c> after each message under an SM4 key: every one of them is in the count that the next start goes on from.</summary>
public sealed class MessageCountCrashTests
{
    private const long LeaseSize = 65_536;

    [Fact]
    public async Task Service_KilledAfterEncrypting_HasBookedEveryMessage()
    {
        using var service = await KmsProcess.StartAsync(new KmsProcessOptions(), CancellationToken.None);
        var (keyId, blob) = (string.Empty, string.Empty);
        for (var life = 1; life <= 3; life++)
        {
            using (var root = KmsCaller.Root(service))
            {
                if (life == 1)
                {
                    keyId = (string)(await root.KmsAsync("CreateKey", ("KeySpec", "Aliyun_SM4"))).Success["KeyMetadata"]!["KeyId"]!;
                    blob = await EncryptAsync(root, keyId);
                }

                Assert.NotEqual(blob, await EncryptAsync(root, keyId));
                Assert.Equal("text", (string?)(await root.KmsAsync("Decrypt", ("CiphertextBlob", blob))).Success["Plaintext"]);
            }

            service.Kill();
            Assert.Equal(life * LeaseSize, Messages(service, keyId));
            await service.StartAsync(CancellationToken.None);
        }

        await service.StopAsync(CancellationToken.None);
    }

    private static async Task<string> EncryptAsync(KmsCaller root, string keyId) =>
        (string)(await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "text"))).Success["CiphertextBlob"]!;

    /// <summary>What the database of the killed process says.</summary>
    private static long Messages(KmsProcess service, string keyId)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = Path.Combine(service.CoreData, "keys.db"), Pooling = false };
        using var connection = new SqliteConnection(source.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT messages FROM key_versions WHERE key_id = $key";
        command.Parameters.AddWithValue("$key", keyId);
        return (long)command.ExecuteScalar()!;
    }
}
