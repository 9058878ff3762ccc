using System.Collections.Immutable;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Keys;

/// <summary>A key as it is stored, without its material. Immutable; a change makes a new one.</summary>
internal sealed record KeyRecord
{
    private string? arn;
    private KeyDescriptor? descriptor;

    public required string KeyId { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Spec { get; init; }

    public required string Usage { get; init; }

    public required string Origin { get; init; }

    public required string ProtectionLevel { get; init; }

    public required KeyState State { get; init; }

    public required string Description { get; init; }

    /// <summary>The owner's account id, or the product code of a service-managed key in upper case.</summary>
    public required string Creator { get; init; }

    /// <summary>Product code in lower case, for service-managed keys.</summary>
    public string? ManagedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DeleteAt { get; init; }

    /// <summary>Whether ScheduleKeyDeletion is refused.</summary>
    public bool IsDeletionProtected { get; init; }

    /// <summary>Why it is protected; empty when nobody said.</summary>
    public string ProtectionDescription { get; init; } = string.Empty;

    /// <summary>Time between automatic rotations, in whole seconds; null without a schedule.</summary>
    public TimeSpan? RotationInterval { get; init; }

    /// <summary>False: the material was never imported, was deleted, or has expired.</summary>
    public bool HasMaterial { get; init; } = true;

    /// <summary>When imported material ceases to be; null = never.</summary>
    public DateTimeOffset? MaterialExpiresAt { get; init; }

    /// <summary>Raised by tags, key policy, managed mark and deletion (decisions.md D3).</summary>
    public required long MetadataVersion { get; init; }

    public string? PrimaryVersion { get; init; }

    /// <summary>The last rotation: creation of the newest version.</summary>
    public DateTimeOffset? NewestVersionAt { get; init; }

    /// <summary>The last rotation and the interval, also when that is past (kms-api.md section 9); null without a schedule.</summary>
    public DateTimeOffset? NextRotationAt => NewestVersionAt + RotationInterval;

    public string? KeyPolicy { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    public static ImmutableSortedDictionary<string, string> NoTags { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public string Arn => arn ??= ResourceArns.Key(Region, Account, KeyId);

    /// <summary>Without an alias generation.</summary>
    public KeyDescriptor Descriptor =>
        descriptor ??= new KeyDescriptor(Arn, State.ToString(), Tags, MetadataVersion, null, KeyPolicy, ManagedBy);

    public KeyDescriptor DescriptorThrough(AliasRecord alias) => Descriptor with { AliasGeneration = alias.Generation };

    /// <summary>Past the end of its waiting period: gone for every caller, whether or not its row is erased yet.</summary>
    public bool IsDestroyed(DateTimeOffset now) => DeleteAt is { } due && due <= now;

    /// <summary>A schedule rests in every state but Enabled.</summary>
    public bool IsRotationDue(DateTimeOffset now) => State == KeyState.Enabled && NextRotationAt <= now;

    /// <summary>The key as callers see it: material whose time is up is gone at that moment, erased or not.</summary>
    /// <remarks>The date stays, so that whatever stores this view leaves the material due to be destroyed.</remarks>
    public KeyRecord At(DateTimeOffset now) => HasMaterial && MaterialExpiresAt is { } due && due <= now
        ? WithoutMaterial() with { MaterialExpiresAt = due }
        : this;

    /// <summary>What deletion or expiry of imported material leaves; the version keeps its id for ever.</summary>
    public KeyRecord WithoutMaterial() => this with
    {
        descriptor = null,
        State = State == KeyState.PendingDeletion ? KeyState.PendingDeletion : KeyState.PendingImport,
        HasMaterial = false,
        MaterialExpiresAt = null,
    };
}

/// <summary>An alias and the key it leads to.</summary>
internal sealed record AliasRecord(
    string Account, string Region, string Name, string KeyId, long Generation, DateTimeOffset CreatedAt)
{
    public string Arn => ResourceArns.Alias(Region, Account, Name);
}

/// <summary>What GetParametersForImport gave out: the sealed private key of the pair that wraps the material.</summary>
internal sealed record ImportParameters(string ImportId, string KeyId, string Algorithm, DateTimeOffset ExpiresAt, int Epoch, byte[] Sealed);

/// <summary>A key version as the database keeps it.</summary>
internal sealed record KeyVersionRecord(string VersionId, string KeyId, DateTimeOffset CreatedAt, int Epoch, byte[] Sealed);
