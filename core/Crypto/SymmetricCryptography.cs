using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Crypto;

/// <summary>Encrypts under the primary version of a key and opens what any version of it made.</summary>
internal sealed class SymmetricCryptography : IDisposable
{
    /// <summary>Limit of a plaintext, in UTF-8 bytes. Source: decisions.md D6.</summary>
    public const int MaxPlaintextBytes = 8192;

    private static readonly string NoVersion = Guid.Empty.ToString("D");

    private readonly IKeyStore store;
    private readonly CryptoProviders providers;
    private readonly LiveKeys live;

    // Why: what cannot be opened is opened with this, so that it takes as long.
    private readonly SoftwareKeyHandle decoy = new(KeyMaterial.Random(XaesGcm.KeyLength), NoVersion);
    private readonly Func<string, IKeyHandle> load;

    public SymmetricCryptography(IKeyStore store, CryptoProviders providers, LiveKeys live)
    {
        this.store = store;
        this.providers = providers;
        this.live = live;
        load = Load;
        store.WhenRetired(live.Forget);
    }

    public Encrypted Encrypt(KeyRecord key, ReadOnlySpan<byte> plaintext, EncryptionContext context)
    {
        var versionId = key.PrimaryVersion ?? throw new InvalidOperationException("An enabled symmetric key has a primary version.");
        using var lease = live.Acquire(versionId, load);
        return new Encrypted(versionId, CiphertextBlob.Seal(lease.Cipher, key.KeyId, versionId, plaintext, context));
    }

    /// <summary>The plaintext, or null for everything that is wrong with a blob; no key means that it names none.</summary>
    public byte[]? Decrypt(KeyRecord? key, string? versionId, ReadOnlySpan<byte> blob, EncryptionContext context)
    {
        if (key is null || versionId is null)
        {
            return CiphertextBlob.Open(decoy, NoVersion, NoVersion, blob, context);
        }

        using var lease = live.Acquire(versionId, load);
        return CiphertextBlob.Open(lease.Cipher, key.KeyId, versionId, blob, context);
    }

    public void Dispose() => decoy.Dispose();

    private IKeyHandle Load(string versionId)
    {
        // Why: the key may have been destroyed since it was resolved; the caller then decides again and hears "not found".
        var version = store.ReadVersion(versionId) ?? throw KmsErrors.KeyNotFound.With();
        var key = store.FindKey(version.KeyId) ?? throw KmsErrors.KeyNotFound.With();
        var identity = new MaterialIdentity(key.KeyId, versionId, key.Spec, key.ProtectionLevel, key.Origin, version.Epoch);
        var provider = providers.Of(key.ProtectionLevel);
        return provider.HoldsMaterial(version.Sealed) ? provider.Load(identity, version.Sealed) : throw KmsErrors.RejectedPendingImport.With();
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
