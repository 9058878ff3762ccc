using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// Key pairs of ProtectionLevel=SOFTWARE: records of <c>{ PKCS#8 | F:32 }</c>, where F is SHA-256 of the SubjectPublicKeyInfo. Between
/// seal and library the private key is in locked memory. Source: crypto-core.md sections 3 and 9.
/// </summary>
internal sealed class SoftwarePairs(Sealing sealing)
{
    private const int FingerprintLength = SHA256.HashSizeInBytes;

    public static bool Supports(string keySpec) => OperatingSystem.IsLinux() && PairKind.All.ContainsKey(keySpec);

    public byte[] GenerateSealed(MaterialIdentity identity)
    {
        using var pair = KindOf(identity.Spec).Generate();
        using var record = SecretBuffer.Filled(pair.Length + FingerprintLength, bytes =>
        {
            pair.PrivateKey.CopyTo(bytes);
            _ = SHA256.HashData(pair.PublicKey, bytes[pair.Length..]);
        });
        return sealing.Seal(record.ExposeBytes(), identity.AssociatedData(), identity.Epoch);
    }

    /// <exception cref="SealedRecordException">It was altered, or belongs to another version.</exception>
    public IKeyPair Load(MaterialIdentity identity, ReadOnlySpan<byte> sealedRecord)
    {
        using var record = Open(identity, sealedRecord.ToArray());
        var bytes = record.ExposeBytes();
        var pair = KindOf(identity.Spec).Open(bytes[..^FingerprintLength]);
        Span<byte> fingerprint = stackalloc byte[FingerprintLength];
        _ = SHA256.HashData(pair.PublicKey.Span, fingerprint);
        if (CryptographicOperations.FixedTimeEquals(fingerprint, bytes[^FingerprintLength..]))
        {
            return pair;
        }

        pair.Dispose();
        throw new SealedRecordException(identity.VersionId);
    }

    private static PairKind KindOf(string keySpec) =>
        OperatingSystem.IsLinux() ? PairKind.All[keySpec] : throw new PlatformNotSupportedException();

    private SecretBuffer Open(MaterialIdentity identity, byte[] sealedRecord)
    {
        var length = Sealing.SecretLength(sealedRecord);
        if (length <= FingerprintLength)
        {
            throw new SealedRecordException(identity.VersionId);
        }

        return SecretBuffer.Filled(length, bytes =>
        {
            if (!sealing.TryOpen(sealedRecord, identity.AssociatedData(), identity.Epoch, bytes))
            {
                throw new SealedRecordException(identity.VersionId);
            }
        });
    }
}
