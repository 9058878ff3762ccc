using KmsGateway.Core.Certificates;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>What a reference leads to now.</summary>
/// <param name="Spec">The reference.</param>
/// <param name="Arn">The resource; made from the caller's words when it does not exist.</param>
internal sealed record Resolved(ReferenceSpec Spec, string Arn)
{
    public KeyRecord? Key { get; init; }

    public AliasRecord? Alias { get; init; }

    public CertificateRecord? Certificate { get; init; }

    /// <summary>The answer when nothing exists under that name.</summary>
    public KmsError? Missing { get; init; }

    /// <summary>Whether an alias led to the key, or would have.</summary>
    public bool IsThroughAlias { get; init; }

    /// <summary>The version at the head of a ciphertext.</summary>
    public string? VersionId { get; init; }

    public long MetadataVersion => IsAlias ? 0 : Key?.MetadataVersion ?? Certificate?.MetadataVersion ?? 0;

    public long AliasGeneration => Alias?.Generation ?? 0;

    /// <summary>What the gateway may know of it; null where there is nothing with a version.</summary>
    public KeyDescriptor? Descriptor => Alias is null ? Key?.Descriptor ?? Certificate?.Descriptor : Key?.DescriptorThrough(Alias);

    private bool IsAlias => Spec.Target is ReferenceTarget.Alias or ReferenceTarget.NewAlias;
}
