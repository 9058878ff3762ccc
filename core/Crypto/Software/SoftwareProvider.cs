using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// ProtectionLevel=SOFTWARE: material sealed under root.key and used in process. A record holds
/// <c>{ material | F:32 }</c>, or <c>{ F:32 }</c> when imported material was destroyed.
/// Source: crypto-core.md sections 0 and 3.
/// </summary>
internal sealed class SoftwareProvider(Sealing sealing) : ICryptoProvider
{
    public string ProtectionLevel => ProtectionLevels.Software;

    public int Epoch => sealing.Epoch;

    public bool Supports(string keySpec) => SoftwareSpec.Find(keySpec) is not null;

    public byte[] GenerateSealed(MaterialIdentity identity)
    {
        var spec = Required(identity);
        using var material = spec.Generate();
        return Seal(identity, spec, material);
    }

    public byte[] SealImported(MaterialIdentity identity, ReadOnlySpan<byte> material)
    {
        using var copy = KeyMaterial.From(material);
        return Seal(identity, Required(identity), copy);
    }

    public bool HoldsMaterial(ReadOnlySpan<byte> sealedRecord) => Sealing.SecretLength(sealedRecord) > MaterialFingerprint.Length;

    public byte[]? WithoutMaterial(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        if (Sealing.SecretLength(sealedRecord) == MaterialFingerprint.Length)
        {
            return null;
        }

        var record = Open(identity, sealedRecord);
        try
        {
            return sealing.Seal(FingerprintIn(record), identity.AssociatedData(), identity.Epoch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(record);
        }
    }

    public byte[] Tombstone(MaterialIdentity identity)
    {
        Span<byte> fingerprint = stackalloc byte[MaterialFingerprint.Length];
        RandomNumberGenerator.Fill(fingerprint);
        return sealing.Seal(fingerprint, identity.AssociatedData(), identity.Epoch);
    }

    public bool IsSameMaterial(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord, ReadOnlySpan<byte> material)
    {
        Span<byte> given = stackalloc byte[MaterialFingerprint.Length];
        using var copy = KeyMaterial.From(material);
        var record = Open(identity, sealedRecord);
        try
        {
            Required(identity).Fingerprint(copy, given);
            return CryptographicOperations.FixedTimeEquals(FingerprintIn(record), given);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(record);
            CryptographicOperations.ZeroMemory(given);
        }
    }

    public IKeyHandle Load(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        Span<byte> fingerprint = stackalloc byte[MaterialFingerprint.Length];
        var record = Open(identity, sealedRecord);
        KeyMaterial? material = null;
        try
        {
            var spec = Required(identity);
            material = MaterialIn(identity, record);
            spec.Fingerprint(material, fingerprint);
            if (!CryptographicOperations.FixedTimeEquals(fingerprint, FingerprintIn(record)))
            {
                throw new SealedRecordException(identity.VersionId);
            }

            var handle = spec.Open(material, identity.VersionId);
            material = null;
            return handle;
        }
        finally
        {
            material?.Dispose();
            CryptographicOperations.ZeroMemory(record);
            CryptographicOperations.ZeroMemory(fingerprint);
        }
    }

    private static SoftwareSpec Required(MaterialIdentity identity) => SoftwareSpec.Find(identity.Spec)
        ?? throw KmsErrors.UnsupportedOperation.Because($"Keys of KeySpec {identity.Spec} are not supported.");

    /// <summary>The material of a record, which must be as long as its spec says where that is fixed.</summary>
    private static KeyMaterial MaterialIn(MaterialIdentity identity, ReadOnlySpan<byte> record)
    {
        var length = record.Length - MaterialFingerprint.Length;
        return length > 0 && KeySpec.All[identity.Spec].MaterialBytes is var expected && (expected == 0 || expected == length)
            ? KeyMaterial.From(record[..length])
            : throw new SealedRecordException(identity.VersionId);
    }

    /// <summary>The fingerprint of a record with or without its material.</summary>
    private static ReadOnlySpan<byte> FingerprintIn(ReadOnlySpan<byte> record) => record[^MaterialFingerprint.Length..];

    private byte[] Seal(MaterialIdentity identity, SoftwareSpec spec, KeyMaterial material)
    {
        var record = NewRecord(material.Length + MaterialFingerprint.Length);
        try
        {
            material.ExposeBytes(SecretAccess.Seal).CopyTo(record);
            spec.Fingerprint(material, record.AsSpan(material.Length));
            return sealing.Seal(record, identity.AssociatedData(), identity.Epoch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(record);
        }
    }

    /// <summary>What a record holds; the caller zeroes it.</summary>
    private byte[] Open(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        var length = Sealing.SecretLength(sealedRecord);
        var record = NewRecord(Math.Max(length, 0));
        return length >= MaterialFingerprint.Length && sealing.TryOpen(sealedRecord, identity.AssociatedData(), identity.Epoch, record)
            ? record
            : throw new SealedRecordException(identity.VersionId);
    }

    // Why: pinned, so that no copy stays behind when it is zeroed.
    private static byte[] NewRecord(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);
}
