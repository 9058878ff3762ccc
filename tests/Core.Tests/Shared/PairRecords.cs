using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Tests;

/// <summary>What no caller can do: look into the sealed record of a pair, or put another private key there.</summary>
internal static class PairRecords
{
    private const int FingerprintBytes = 32;

    /// <summary>DER PKCS#8.</summary>
    public static byte[] PrivateKeyOf(PairKey key)
    {
        var (version, identity) = RowOf(key);
        var record = new byte[Sealing.SecretLength(version.Sealed)];
        Assert.True(key.Core.Part<Sealing>().TryOpen(version.Sealed, identity.AssociatedData(), identity.Epoch, record));
        return record[..^FingerprintBytes];
    }

    /// <param name="key">A pair of the same spec.</param>
    /// <param name="pkcs8">The private key it has from now on.</param>
    /// <param name="publicKey">DER SubjectPublicKeyInfo of it.</param>
    public static async Task ReplaceAsync(PairKey key, byte[] pkcs8, byte[] publicKey)
    {
        var (version, identity) = RowOf(key);
        byte[] record = [.. pkcs8, .. SHA256.HashData(publicKey)];
        var sealedRecord = key.Core.Part<Sealing>().Seal(record, identity.AssociatedData(), identity.Epoch);
        _ = await key.Core.Part<IKeyStore>().WriteAsync(transaction =>
        {
            transaction.ReplaceSealed(version with { Sealed = sealedRecord });
            return true;
        });
    }

    private static (KeyVersionRecord Version, MaterialIdentity Identity) RowOf(PairKey key)
    {
        var store = key.Core.Part<IKeyStore>();
        var (version, record) = (store.ReadVersion(key.VersionId)!, store.FindKey(key.KeyId)!);
        return (version, new MaterialIdentity(key.KeyId, key.VersionId, record.Spec, record.ProtectionLevel, record.Origin, version.Epoch));
    }
}
