using System.Text;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Http;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>
/// A key with very many versions opens a ciphertext of any of them with the work that a key with one version takes: once its seal is open, no
/// row is read and no seal opened. KMSGATEWAY_FULL=1 takes 10,000 versions, the ordinary run a tenth. What it costs is in tests/Benchmarks (<c>keys</c>).
/// </summary>
public sealed class ManyVersionsTests : IDisposable
{
    private static readonly int Versions = Environment.GetEnvironmentVariable("KMSGATEWAY_FULL") == "1" ? 10_000 : 1000;

    private readonly TempDirectory directory = new();

    [Fact]
    public async Task Decrypt_UnderAKeyOfManyVersions_ReadsEachVersionOnce()
    {
        var clock = new TestClock(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
        using var data = DataDirectory.Open(directory.File("data"), "a test");
        var (sealing, store) = KeyHierarchy.Open(data, clock);
        using var sealingLife = sealing;
        await using var storeLife = store;
        var providers = new CryptoProviders(new SoftwareProvider(sealing));
        using var live = new LiveKeys(clock);
        var versions = new KeyVersions(providers);
        using var metrics = new CoreMetrics();
        using var cryptography = new SymmetricCryptography(
            new VersionKeys(store, providers, live), new MessageLimit(store, versions, clock, metrics, NullLogger<MessageLimit>.Instance));
        var made = await MakeAsync(store, cryptography, versions, clock);

        Assert.Equal(Versions, store.ListVersions(new VersionQuery(made.KeyId, 1, 1)).TotalCount);
        Assert.All(made.Blobs, blob => Assert.NotNull(Decrypt(store, cryptography, blob)));
        Assert.Equal(Versions, live.Count);

        // What is not in memory by now cannot be had any more.
        Erase(data);
        Assert.All(made.Blobs, blob => Assert.NotNull(Decrypt(store, cryptography, blob)));
        live.Forget(CiphertextBlob.VersionIdOf(CiphertextBlob.DecodeStrict(made.Blobs[0])!)!);
        Assert.NotNull(Record.Exception(() => Decrypt(store, cryptography, made.Blobs[0])));
    }

    public void Dispose() => directory.Dispose();

    private static async Task<(string KeyId, byte[][] Blobs)> MakeAsync(
        SqliteKeyStore store, SymmetricCryptography cryptography, KeyVersions versions, TestClock clock)
    {
        var key = await store.WriteAsync(transaction => new KeyFactory(versions).Create(
            transaction,
            new NewKey(TestCore.Account, TestCore.Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, clock.GetUtcNow())));
        var rotated = await store.WriteAsync(transaction => Enumerable.Range(1, Versions - 1)
            .Select(_ => versions.Rotate(transaction, transaction.FindKey(key.KeyId)!, clock.GetUtcNow())).ToArray());
        return (key.KeyId, [.. rotated.Prepend(key).Select(each => Encrypt(cryptography, each))]);
    }

    private static void Erase(DataDirectory data)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = data.FilePath(SqliteDatabase.FileName), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM key_versions; DELETE FROM keys;";
        command.ExecuteNonQuery();
    }

    /// <summary>From the head of the ciphertext on, as a call does it.</summary>
    private static byte[]? Decrypt(SqliteKeyStore store, SymmetricCryptography cryptography, byte[] made)
    {
        var blob = CiphertextBlob.DecodeStrict(made)!;
        var versionId = CiphertextBlob.VersionIdOf(blob)!;
        var key = store.FindKey(store.FindKeyOfVersion(versionId)!);
        return cryptography.Decrypt(key, versionId, blob, EncryptionContext.Empty);
    }

    private static byte[] Encrypt(SymmetricCryptography cryptography, KeyRecord key) =>
        cryptography.Encrypt(key, Encoding.UTF8.GetBytes("a data key of thirty-two bytes, in Base64."), EncryptionContext.Empty).Blob;
}
