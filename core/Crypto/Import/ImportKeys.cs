using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>Keeps the private halves of wrapping pairs, sealed, and opens with them what was wrapped.</summary>
internal sealed class ImportKeys(Sealing sealing)
{
    /// <summary>The row to store and the token that names it.</summary>
    public (ImportParameters Parameters, string Token) Keep(WrappingPair pair, string keyId, string algorithm, DateTimeOffset now)
    {
        var importId = Guid.NewGuid().ToString("D");
        var expiresAt = now + ImportToken.Life;
        var epoch = sealing.Epoch;
        var sealedKey = sealing.Seal(pair.PrivateKey, AssociatedData(importId, keyId, algorithm), epoch);
        return (
            new ImportParameters(importId, keyId, algorithm, expiresAt, epoch, sealedKey),
            new ImportToken(importId, keyId, expiresAt).Seal(sealing));
    }

    public ImportToken? TryOpenToken(string text) => ImportToken.TryOpen(sealing, text);

    /// <summary>The material inside, or null.</summary>
    /// <exception cref="SealedRecordException">The row was altered.</exception>
    public SecretBuffer? TryUnwrap(ImportParameters parameters, ReadOnlySpan<byte> wrapped)
    {
        var privateKey = GC.AllocateUninitializedArray<byte>(Math.Max(0, Sealing.SecretLength(parameters.Sealed)), pinned: true);
        byte[]? material = null;
        try
        {
            var identity = AssociatedData(parameters.ImportId, parameters.KeyId, parameters.Algorithm);
            material = sealing.TryOpen(parameters.Sealed, identity, parameters.Epoch, privateKey)
                ? Unwrapping.TryOpen(parameters.Algorithm, privateKey, wrapped)
                : throw new SealedRecordException(parameters.ImportId);
            return material is null ? null : new SecretBuffer(material);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
            CryptographicOperations.ZeroMemory(material);
        }
    }

    /// <summary>What a sealed pair belongs to.</summary>
    public static byte[] AssociatedData(string importId, string keyId, string algorithm) =>
        Encoding.ASCII.GetBytes($"kms-import-key-1:{importId}:{keyId}:{algorithm}");
}
