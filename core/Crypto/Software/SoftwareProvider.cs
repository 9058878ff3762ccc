using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// ProtectionLevel=SOFTWARE: material sealed under root.key and used in process. A record holds <c>{ material:32 | F:32 }</c>.
/// Source: crypto-core.md sections 0 and 3.
/// </summary>
internal sealed class SoftwareProvider(Sealing sealing) : ICryptoProvider
{
    private const int MaterialLength = 32;
    private const int RecordLength = MaterialLength + MaterialFingerprint.Length;

    public string ProtectionLevel => ProtectionLevels.Software;

    public bool Supports(string keySpec) => keySpec == KeySpec.Aes256.Name;

    public byte[] GenerateSealed(MaterialIdentity identity)
    {
        if (!Supports(identity.Spec))
        {
            throw KmsErrors.UnsupportedOperation.Because($"Keys of KeySpec {identity.Spec} are not supported.");
        }

        using var material = KeyMaterial.Random(MaterialLength);
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

    public IKeyHandle Load(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        Span<byte> record = stackalloc byte[RecordLength];
        Span<byte> fingerprint = stackalloc byte[MaterialFingerprint.Length];
        KeyMaterial? material = null;
        try
        {
            if (!sealing.TryOpen(sealedRecord, identity.AssociatedData(), identity.Epoch, record))
            {
                throw new SealedRecordException(identity.VersionId);
            }

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
}
