using System.Text;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Http;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Benchmarks.Keys;

/// <summary>A core's store and cryptography without its door: what a call costs once its ticket is believed.</summary>
internal sealed class KeyBench : IAsyncDisposable
{
    private const string Account = "1234567890123456";
    private const string Region = "cn-hangzhou";

    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("a data key of thirty-two bytes, in Base64.");

    private readonly DataDirectory data;
    private readonly Sealing sealing;
    private readonly LiveKeys live = new(TimeProvider.System);
    private readonly CoreMetrics metrics = new();
    private readonly SymmetricCryptography cryptography;
    private readonly KeyVersions versions;

    public KeyBench(string directory)
    {
        data = DataDirectory.Open(directory, "the key benchmark");
        (sealing, Store) = KeyHierarchy.Open(data, TimeProvider.System);
        var providers = new CryptoProviders(new SoftwareProvider(sealing));
        versions = new KeyVersions(providers);
        cryptography = new SymmetricCryptography(
            new VersionKeys(Store, providers, live), new MessageLimit(Store, versions, TimeProvider.System, metrics, NullLogger<MessageLimit>.Instance));
    }

    public SqliteKeyStore Store { get; }

    /// <summary>New keys, written past quotas in large transactions.</summary>
    public async Task<string[]> SeedAsync(int keys)
    {
        const int batch = 10_000;
        var factory = new KeyFactory(versions);
        var ids = new List<string>(keys);
        while (ids.Count < keys)
        {
            var wanted = Math.Min(batch, keys - ids.Count);
            ids.AddRange(await Store.WriteAsync(transaction =>
                Enumerable.Range(0, wanted).Select(_ => factory.Create(transaction, NewKey()).KeyId).ToArray()));
        }

        return [.. ids];
    }

    /// <summary>A ciphertext under each of so many versions of one key.</summary>
    public async Task<byte[][]> VersionsAsync(int count)
    {
        const int batch = 1000;
        var key = Store.FindKey((await SeedAsync(1))[0])!;
        var blobs = new List<byte[]> { Encrypt(key.KeyId) };
        while (blobs.Count < count)
        {
            var wanted = Math.Min(batch, count - blobs.Count);
            var records = await Store.WriteAsync(transaction =>
                Enumerable.Range(0, wanted).Select(_ => versions.Rotate(transaction, transaction.FindKey(key.KeyId)!, TimeProvider.System.GetUtcNow())).ToArray());
            blobs.AddRange(records.Select(record => cryptography.Encrypt(record, Plaintext, EncryptionContext.Empty).Blob));
        }

        return [.. blobs];
    }

    public byte[] Encrypt(string keyId) => cryptography.Encrypt(Store.FindKey(keyId)!, Plaintext, EncryptionContext.Empty).Blob;

    /// <summary>From the head of the ciphertext on, as a call does it.</summary>
    public void Decrypt(byte[] made)
    {
        var blob = CiphertextBlob.DecodeStrict(made)!;
        var versionId = CiphertextBlob.VersionIdOf(blob)!;
        var key = Store.FindKey(Store.FindKeyOfVersion(versionId)!);
        if (cryptography.Decrypt(key, versionId, blob, EncryptionContext.Empty) is null)
        {
            throw new InvalidOperationException("the ciphertext opens");
        }
    }

    public void Describe(string keyId) => _ = KeyMetadata.Answer(Store.FindKey(keyId)!, withProtection: true);

    public async ValueTask DisposeAsync()
    {
        cryptography.Dispose();
        metrics.Dispose();
        live.Dispose();
        await Store.DisposeAsync();
        sealing.Dispose();
        data.Dispose();
    }

    private static NewKey NewKey() =>
        new(Account, Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, TimeProvider.System.GetUtcNow());
}
