using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto;

/// <summary>Encrypts under the primary version of a key and opens what any version of it made.</summary>
internal sealed class SymmetricCryptography(VersionKeys versions, MessageLimit messages) : IDisposable
{
    /// <summary>Limit of a plaintext, in UTF-8 bytes. Source: decisions.md D6.</summary>
    public const int MaxPlaintextBytes = 8192;

    private static readonly string NoVersion = Guid.Empty.ToString("D");

    // Why: what cannot be opened is opened with one of these, so that it takes as long.
    private readonly SoftwareKeyHandle decoy = new(KeyMaterial.Random(KeySpec.Aes256.MaterialBytes), NoVersion);
    private readonly Sm4KeyHandle sm4Decoy = new(KeyMaterial.Random(KeySpec.Sm4.MaterialBytes), NoVersion);

    public Encrypted Encrypt(KeyRecord key, ReadOnlySpan<byte> plaintext, EncryptionContext context)
    {
        var versionId = key.PrimaryVersion ?? throw new InvalidOperationException("An enabled symmetric key has a primary version.");
        using var lease = versions.Acquire(versionId);
        var handle = (ISymmetricKey)lease.Handle;
        if (handle.IsCounted)
        {
            messages.Take(key.KeyId, versionId);
        }

        return new Encrypted(versionId, CiphertextBlob.Seal(handle, key.KeyId, versionId, plaintext, context));
    }

    /// <summary>The plaintext, or null for everything that is wrong with a blob; no key means that it names none.</summary>
    public byte[]? Decrypt(KeyRecord? key, string? versionId, ReadOnlySpan<byte> blob, EncryptionContext context)
    {
        if (key is null || versionId is null)
        {
            ISymmetricKey stranger = CiphertextBlob.AlgorithmOf(blob) == CiphertextBlob.Sm4GcmAlgorithm ? sm4Decoy : decoy;
            return CiphertextBlob.Open(stranger, NoVersion, NoVersion, blob, context);
        }

        using var lease = versions.Acquire(versionId);
        return CiphertextBlob.Open((ISymmetricKey)lease.Handle, key.KeyId, versionId, blob, context);
    }

    public void Dispose()
    {
        decoy.Dispose();
        sm4Decoy.Dispose();
    }
}

/// <summary>A ciphertext, as Base64 text in ASCII, and the version that made it.</summary>
internal sealed record Encrypted(string VersionId, byte[] Blob);

/// <summary>The providers there are, by protection level.</summary>
internal sealed class CryptoProviders(params ICryptoProvider[] providers)
{
    /// <summary>Whether keys of that spec can be made at any level.</summary>
    public bool Offers(string keySpec) => providers.Any(provider => provider.Supports(keySpec));

    public bool Offers(string protectionLevel, string keySpec) =>
        providers.Any(provider => provider.ProtectionLevel == protectionLevel && provider.Supports(keySpec));

    public ICryptoProvider Of(string protectionLevel) =>
        providers.FirstOrDefault(provider => provider.ProtectionLevel == protectionLevel)
        ?? throw KmsErrors.UnsupportedProtectionLevel.With();
}
