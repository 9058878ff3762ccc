using System.Collections.Immutable;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Keys;

/// <summary>Makes keys whose material this service generates.</summary>
internal sealed class KeyFactory(CryptoProviders providers)
{
    /// <summary>Inserts a new enabled symmetric key with its first version.</summary>
    public KeyRecord Create(IKeyTransaction transaction, NewKey wanted)
    {
        var keyId = wanted.KeyId ?? Guid.NewGuid().ToString("D");
        var versionId = Guid.NewGuid().ToString("D");
        var identity = new MaterialIdentity(
            keyId, versionId, wanted.Spec.Name, wanted.ProtectionLevel, Origins.Kms, Sealing.FirstEpoch);
        var version = new KeyVersionRecord(
            versionId, keyId, wanted.Now, identity.Epoch, providers.Of(wanted.ProtectionLevel).GenerateSealed(identity));
        var key = new KeyRecord
        {
            KeyId = keyId,
            Account = wanted.Account,
            Region = wanted.Region,
            Spec = wanted.Spec.Name,
            Usage = wanted.Usage,
            Origin = Origins.Kms,
            ProtectionLevel = wanted.ProtectionLevel,
            State = KeyState.Enabled,
            Description = wanted.Description,
            Creator = wanted.ManagedBy?.ToUpperInvariant() ?? wanted.Account,
            ManagedBy = wanted.ManagedBy,
            CreatedAt = wanted.Now,
            MetadataVersion = 1,
            PrimaryVersion = versionId,
            NewestVersionAt = wanted.Now,
            Tags = wanted.Tags,
        };
        transaction.InsertKey(key, version);
        return key;
    }
}

/// <summary>What a new key shall be.</summary>
internal sealed record NewKey(string Account, string Region, KeySpec Spec, string Usage, string ProtectionLevel, DateTimeOffset Now)
{
    public string Description { get; init; } = string.Empty;

    /// <summary>Of a seed; made up when null.</summary>
    public string? KeyId { get; init; }

    public string? ManagedBy { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = KeyRecord.NoTags;
}
