using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Keys;

/// <summary>
/// Material that a caller brings. The first import fixes the one version of the key and its fingerprint; ever after only the same
/// bytes are taken, also when they were deleted or have expired. Source: kms-api.md section 8.
/// </summary>
internal sealed partial class ImportedMaterial(CryptoProviders providers, ILogger<ImportedMaterial> logger)
{
    /// <exception cref="KmsException">InvalidKeyMaterial: a wrong length, or other bytes than the first time.</exception>
    public void Import(IKeyTransaction transaction, KeyRecord key, ReadOnlySpan<byte> material, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (material.Length != KeySpec.All[key.Spec].MaterialBytes)
        {
            throw KmsErrors.InvalidKeyMaterial.With();
        }

        var version = key.PrimaryVersion is { } versionId
            ? Again(transaction, key, versionId, material)
            : First(transaction, key, material, now);
        transaction.UpdateKey(key with
        {
            State = key.State == KeyState.PendingImport ? KeyState.Enabled : key.State,
            PrimaryVersion = version.VersionId,
            NewestVersionAt = version.CreatedAt,
            HasMaterial = true,
            MaterialExpiresAt = expiresAt,
        });
    }

    /// <summary>Destroys the material, if there is any; the key waits for it again unless it waits for its own end.</summary>
    public void Destroy(IKeyTransaction transaction, KeyRecord key)
    {
        if (key.PrimaryVersion is { } versionId
            && transaction.FindVersion(versionId) is { } version
            && RestOf(key, version) is { } rest)
        {
            transaction.ReplaceSealed(version with { Sealed = rest });
        }

        transaction.UpdateKey(key.WithoutMaterial());
    }

    private byte[]? RestOf(KeyRecord key, KeyVersionRecord version)
    {
        var provider = providers.Of(key.ProtectionLevel);
        var identity = IdentityOf(key, version);
        try
        {
            return provider.WithoutMaterial(identity, version.Sealed);
        }
        catch (SealedRecordException)
        {
            // Why: what does not open may still hold material for whoever can mend it, and its end is due all the same.
            DestroyedUnopened(logger, version.VersionId, key.KeyId);
            return provider.Tombstone(identity);
        }
    }

    private KeyVersionRecord First(IKeyTransaction transaction, KeyRecord key, ReadOnlySpan<byte> material, DateTimeOffset now)
    {
        var provider = providers.Of(key.ProtectionLevel);
        var version = new KeyVersionRecord(Guid.NewGuid().ToString("D"), key.KeyId, now, provider.Epoch, []);
        var sealedRecord = provider.SealImported(IdentityOf(key, version), material);
        version = version with { Sealed = sealedRecord };
        transaction.InsertVersion(version);
        return version;
    }

    private KeyVersionRecord Again(IKeyTransaction transaction, KeyRecord key, string versionId, ReadOnlySpan<byte> material)
    {
        var provider = providers.Of(key.ProtectionLevel);
        var version = transaction.FindVersion(versionId) ?? throw new InvalidOperationException("A primary version is stored.");
        var identity = IdentityOf(key, version);
        if (!provider.IsSameMaterial(identity, version.Sealed, material))
        {
            throw KmsErrors.InvalidKeyMaterial.With();
        }

        if (!provider.HoldsMaterial(version.Sealed))
        {
            version = version with { Epoch = provider.Epoch };
            transaction.ReplaceSealed(version with { Sealed = provider.SealImported(IdentityOf(key, version), material) });
        }

        return version;
    }

    private static MaterialIdentity IdentityOf(KeyRecord key, KeyVersionRecord version) =>
        new(key.KeyId, version.VersionId, key.Spec, key.ProtectionLevel, key.Origin, version.Epoch);

    [LoggerMessage(23, LogLevel.Critical, "Material of version {VersionId} of key {KeyId} is destroyed unopened and cannot be imported again: its sealed record does not open; keys.db was altered or root.key is not its own")]
    private static partial void DestroyedUnopened(ILogger logger, string versionId, string keyId);
}
