using KmsGateway.Core.Contract;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Crypto;

/// <summary>Key versions by id, ready for use: out of the live ones, or opened by their provider.</summary>
internal sealed class VersionKeys
{
    private readonly IKeyStore store;
    private readonly CryptoProviders providers;
    private readonly LiveKeys live;
    private readonly Func<string, IKeyHandle> load;

    public VersionKeys(IKeyStore store, CryptoProviders providers, LiveKeys live)
    {
        this.store = store;
        this.providers = providers;
        this.live = live;
        load = Load;
        store.WhenRetired(live.Forget);
    }

    /// <summary>The caller disposes the lease.</summary>
    public LiveKeys.Lease Acquire(string versionId) => live.Acquire(versionId, load);

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
