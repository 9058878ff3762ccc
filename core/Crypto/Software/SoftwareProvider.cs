using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// ProtectionLevel=SOFTWARE: material sealed under root.key and used in process. A record holds
/// <c>{ material:32 | F:32 }</c>, or <c>{ F:32 }</c> when imported material was destroyed; of key pairs see <see cref="SoftwarePairs"/>.
/// Source: crypto-core.md sections 0 and 3.
/// </summary>
internal sealed class SoftwareProvider(Sealing sealing) : ICryptoProvider
{
    private const int MaterialLength = 32;
    private const int RecordLength = MaterialLength + MaterialFingerprint.Length;

    private readonly SoftwarePairs pairs = new(sealing);

    public string ProtectionLevel => ProtectionLevels.Software;

    public bool Supports(string keySpec) => keySpec == KeySpec.Aes256.Name || SoftwarePairs.Supports(keySpec);

    public byte[] GenerateSealed(MaterialIdentity identity)
    {
        if (!Supports(identity.Spec))
        {
            throw KmsErrors.UnsupportedOperation.Because($"Keys of KeySpec {identity.Spec} are not supported.");
        }

        if (SoftwarePairs.Supports(identity.Spec))
        {
            return pairs.GenerateSealed(identity);
        }

        using var material = KeyMaterial.Random(MaterialLength);
        return Seal(identity, material);
    }

    public byte[] SealImported(MaterialIdentity identity, ReadOnlySpan<byte> material)
    {
        using var copy = KeyMaterial.From(material);
        return Seal(identity, copy);
    }

    public bool HoldsMaterial(ReadOnlySpan<byte> sealedRecord) => Sealing.SecretLength(sealedRecord) > MaterialFingerprint.Length;

    public byte[]? WithoutMaterial(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        if (Sealing.SecretLength(sealedRecord) == MaterialFingerprint.Length)
        {
            return null;
        }

        Span<byte> fingerprint = stackalloc byte[MaterialFingerprint.Length];
        OpenFingerprint(identity, sealedRecord, fingerprint);
        var rest = sealing.Seal(fingerprint, identity.AssociatedData(), identity.Epoch);
        CryptographicOperations.ZeroMemory(fingerprint);
        return rest;
    }

    public byte[] Tombstone(MaterialIdentity identity)
    {
        Span<byte> fingerprint = stackalloc byte[MaterialFingerprint.Length];
        RandomNumberGenerator.Fill(fingerprint);
        return sealing.Seal(fingerprint, identity.AssociatedData(), identity.Epoch);
    }

    public bool IsSameMaterial(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord, ReadOnlySpan<byte> material)
    {
        Span<byte> fingerprints = stackalloc byte[2 * MaterialFingerprint.Length];
        var known = fingerprints[..MaterialFingerprint.Length];
        var given = fingerprints[MaterialFingerprint.Length..];
        using var copy = KeyMaterial.From(material);
        try
        {
            OpenFingerprint(identity, sealedRecord, known);
            MaterialFingerprint.Compute(copy, given);
            return CryptographicOperations.FixedTimeEquals(known, given);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fingerprints);
        }
    }

    public IKeyHandle Load(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        if (SoftwarePairs.Supports(identity.Spec))
        {
            return pairs.Load(identity, sealedRecord);
        }

        Span<byte> record = stackalloc byte[RecordLength];
        Span<byte> fingerprint = stackalloc byte[MaterialFingerprint.Length];
        KeyMaterial? material = null;
        try
        {
            Open(identity, sealedRecord, record);
            material = KeyMaterial.From(record[..MaterialLength]);
            MaterialFingerprint.Compute(material, fingerprint);
            if (!CryptographicOperations.FixedTimeEquals(fingerprint, record[MaterialLength..]))
            {
                throw new SealedRecordException(identity.VersionId);
            }

            var handle = new SoftwareKeyHandle(material, identity.VersionId);
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

    private byte[] Seal(MaterialIdentity identity, KeyMaterial material)
    {
        Span<byte> record = stackalloc byte[RecordLength];
        try
        {
            material.ExposeBytes(SecretAccess.Seal).CopyTo(record);
            MaterialFingerprint.Compute(material, record[MaterialLength..]);
            return sealing.Seal(record, identity.AssociatedData(), identity.Epoch);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(record);
        }
    }

    /// <summary>The fingerprint of a record with or without its material.</summary>
    private void OpenFingerprint(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord, Span<byte> fingerprint)
    {
        if (!HoldsMaterial(sealedRecord))
        {
            Open(identity, sealedRecord, fingerprint);
            return;
        }

        Span<byte> record = stackalloc byte[RecordLength];
        Open(identity, sealedRecord, record);
        record[MaterialLength..].CopyTo(fingerprint);
        CryptographicOperations.ZeroMemory(record);
    }

    private void Open(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord, Span<byte> secret)
    {
        if (!sealing.TryOpen(sealedRecord, identity.AssociatedData(), identity.Epoch, secret))
        {
            throw new SealedRecordException(identity.VersionId);
        }
    }
}
