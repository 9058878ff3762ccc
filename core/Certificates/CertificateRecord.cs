using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Certificates;

/// <summary>A certificate as it is stored, with its sealed private key. Immutable; a change makes a new one.</summary>
internal sealed record CertificateRecord
{
    public required string CertificateId { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>Name of the key's spec.</summary>
    public required string Spec { get; init; }

    public required CertificateStatus Status { get; init; }

    /// <summary>Subject of the request, as text.</summary>
    public required string Subject { get; init; }

    /// <summary>DNS names of the request.</summary>
    public required ImmutableArray<string> HostNames { get; init; }

    /// <summary>What the caller said at creation; nothing exports a private key.</summary>
    public required bool IsExportable { get; init; }

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public required ImmutableArray<byte> PublicKey { get; init; }

    /// <summary>PEM PKCS#10.</summary>
    public required string Request { get; init; }

    /// <summary>PEM, once uploaded.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM of the issuers, where the upload had any.</summary>
    public string? Chain { get; init; }

    /// <summary>Raised by tags, as that of a key is (decisions.md D3).</summary>
    public required long MetadataVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required int Epoch { get; init; }

    public required ImmutableArray<byte> Sealed { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = KeyRecord.NoTags;

    public string Arn => ResourceArns.Certificate(Region, Account, CertificateId);

    public KeyDescriptor Descriptor => new(Arn, CertificateStatusTable.NameOf(Status), Tags, MetadataVersion);

    public MaterialIdentity Identity => IdentityOf(CertificateId, Spec, Epoch);

    /// <summary>What its private key is sealed for; the place of the key id says that it is no version of a key.</summary>
    public static MaterialIdentity IdentityOf(string certificateId, string spec, int epoch) =>
        new($"certificate/{certificateId}", certificateId, spec, ProtectionLevels.Software, Origins.Kms, epoch);
}
