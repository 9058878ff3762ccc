using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>Access keys out of ram.db, kept until their owner or the root of its account is raised. Unknown ids are not remembered.</summary>
internal sealed class StoredAccessKeySource(RamDatabase database, Func<SecretSealer> sealer, RamCaches caches) : IAccessKeySource
{
    /// <inheritdoc />
    public ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken)
    {
        if (caches.AccessKeys.TryGet(accessKeyId, out var held))
        {
            return ValueTask.FromResult<AccessKey?>(held);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var stamp = caches.AccessKeys.Stamp;
        var stored = AccessKeyTable.Find(database, accessKeyId);
        if (stored is null)
        {
            return ValueTask.FromResult<AccessKey?>(null);
        }

        var key = new AccessKey(
            stored.Id,
            stored.IsActive != 0 && stored.AccountIsActive != 0,
            new SealedSecret(stored.SealedSecret, stored.Id, stored.OwnerId, sealer()),
            Shared(stored.OwnerId, Owner(stored)));
        caches.AccessKeys.Add(accessKeyId, key, [stored.OwnerId, stored.RootId], stamp, RamCacheLimits.AccessKeyBytes);
        return ValueTask.FromResult<AccessKey?>(key);
    }

    /// <summary>The same identity in one object for all its access keys.</summary>
    private Identity Shared(long ownerId, Identity owner) =>
        caches.AccessKeys.TryGetDependent(ownerId, out var other) && other.Owner == owner ? other.Owner : owner;

    private static Identity Owner(OwnedAccessKey stored)
    {
        // Why interned: all of an account name it, and there are few accounts.
        var account = string.Intern(stored.AccountId);
        return stored.OwnerKind switch
        {
            IdentityKind.Root => new Identity(PrincipalKind.Root, account, account, stored.OwnerName),
            IdentityKind.User => new Identity(PrincipalKind.User, account, EntityId.Text(stored.OwnerId), stored.OwnerName),
            _ => throw new InvalidOperationException($"an access key cannot belong to a {stored.OwnerKind}"),
        };
    }
}
