using KmsGateway.Core.Crypto;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Keys;

/// <summary>Makes versions whose material this service generates, and makes them primary when their time has come.</summary>
internal sealed class KeyVersions(CryptoProviders providers)
{
    /// <summary>A version with fresh material, not stored yet.</summary>
    public KeyVersionRecord Generate(string keyId, string spec, string level, DateTimeOffset now)
    {
        var provider = providers.Of(level);
        var identity = new MaterialIdentity(keyId, Guid.NewGuid().ToString("D"), spec, level, Origins.Kms, provider.Epoch);
        return new KeyVersionRecord(identity.VersionId, keyId, now, identity.Epoch, provider.GenerateSealed(identity));
    }

    /// <summary>Adds a version that becomes primary; the old ones go on opening what they made.</summary>
    public KeyRecord Rotate(IKeyTransaction transaction, KeyRecord key, DateTimeOffset now)
    {
        var version = Generate(key.KeyId, key.Spec, key.ProtectionLevel, now);
        transaction.InsertVersion(version);
        var rotated = key with { PrimaryVersion = version.VersionId, NewestVersionAt = now };
        transaction.UpdateKey(rotated);
        return rotated;
    }

    /// <summary>Stores a changed key; one whose rotation was waiting for the change is rotated at once (kms-api.md section 9).</summary>
    public KeyRecord Store(IKeyTransaction transaction, KeyRecord key, DateTimeOffset now)
    {
        if (key.IsRotationDue(now))
        {
            return Rotate(transaction, key, now);
        }

        transaction.UpdateKey(key);
        return key;
    }
}
