using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>Access keys out of ram.db, opened once and kept until their owner is raised. Unknown ids are not remembered.</summary>
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
        var stored = database.Read(reader => AccessKeyTable.Find(reader, accessKeyId));
        if (stored is null)
        {
            return ValueTask.FromResult<AccessKey?>(null);
        }

        var key = Open(stored);
        caches.AccessKeys.Add(accessKeyId, key, [stored.OwnerId, stored.RootId], stamp);
        return ValueTask.FromResult<AccessKey?>(key);
    }

    private AccessKey Open(OwnedAccessKey stored) => new(
        stored.Id,
        stored.IsActive != 0 && stored.AccountIsActive != 0,
        sealer().Open(stored.SealedSecret, SealedName.AccessKey(stored.Id, stored.OwnerId)),
        Owner(stored));

    private static Identity Owner(OwnedAccessKey stored) => stored.OwnerKind switch
    {
        IdentityKind.Root => new Identity(PrincipalKind.Root, stored.AccountId, stored.AccountId, stored.OwnerName),
        IdentityKind.User => new Identity(PrincipalKind.User, stored.AccountId, EntityId.Text(stored.OwnerId), stored.OwnerName),
        _ => throw new InvalidOperationException($"an access key cannot belong to a {stored.OwnerKind}"),
    };
}
