using System.Collections.Immutable;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Keys;

/// <summary>Makes keys: enabled ones with their first version, or empty ones that wait for imported material.</summary>
internal sealed class KeyFactory(KeyVersions versions)
{
    public KeyRecord Create(IKeyTransaction transaction, NewKey wanted)
    {
        var isImported = wanted.Origin == Origins.External;
        var keyId = wanted.Version?.KeyId ?? wanted.KeyId ?? Guid.NewGuid().ToString("D");
        var version = isImported ? null : (wanted.Version ?? versions.Generate(keyId, wanted.Spec.Name, wanted.ProtectionLevel, wanted.Now)) with { CreatedAt = wanted.Now };
        var key = new KeyRecord
        {
            KeyId = keyId,
            Account = wanted.Account,
            Region = wanted.Region,
            Spec = wanted.Spec.Name,
            Usage = wanted.Usage,
            Origin = wanted.Origin,
            ProtectionLevel = wanted.ProtectionLevel,
            State = isImported ? KeyState.PendingImport : KeyState.Enabled,
            Description = wanted.Description,
            Creator = wanted.ManagedBy?.ToUpperInvariant() ?? wanted.Account,
            ManagedBy = wanted.ManagedBy,
            CreatedAt = wanted.Now,
            MetadataVersion = 1,
            PrimaryVersion = wanted.Spec.IsPair ? null : version?.VersionId,
            NewestVersionAt = version?.CreatedAt,
            RotationInterval = wanted.RotationInterval,
            HasMaterial = !isImported,
            KeyPolicy = wanted.KeyPolicy,
            Tags = wanted.Tags,
        };
        transaction.InsertKey(key, version);
        return key;
    }
}

/// <summary>What a new key shall be.</summary>
internal sealed record NewKey(string Account, string Region, KeySpec Spec, string Usage, string ProtectionLevel, DateTimeOffset Now)
{
    public string Origin { get; init; } = Origins.Kms;

    public string Description { get; init; } = string.Empty;

    /// <summary>Of a seed; made up when null.</summary>
    public string? KeyId { get; init; }

    /// <summary>The first version, where it was made before; its key id is the key's.</summary>
    public KeyVersionRecord? Version { get; init; }

    public string? ManagedBy { get; init; }

    /// <summary>Its policy from the first moment on; null for the default.</summary>
    public string? KeyPolicy { get; init; }

    public TimeSpan? RotationInterval { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = KeyRecord.NoTags;
}
