using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary>The account itself and its root key.</summary>
internal sealed class AccountSeedPlan(RamStore store)
{
    public IEnumerable<SeedChange> Plan(RamReader reader, SeedAccount account)
    {
        var existing = AccountTable.Find(reader, account.Id);
        if (existing is null)
        {
            yield return SeedChange.Add(account.Place, $"account {account.Id}{(account.RootKey is null ? ", without a root access key (accounts rotate-root makes one)" : "")}",
                token => WriteAsync(writer => Create(writer, account), token));
        }
        else if (account.Name is { } name && existing.Name != name)
        {
            yield return SeedChange.Change(account.Place, $"account {account.Id}: name", token => WriteAsync(writer => AccountTable.Rename(writer, account.Id, name), token));
        }

        if (account.RootKey is { } key && PlanRootKey(reader, account.Id, key) is { } change)
        {
            yield return change;
        }
    }

    /// <summary>Whether the stored secret is the file's; compared in constant time.</summary>
    public static bool HasSecret(RamStore store, OwnedAccessKey stored, SeedAccessKey wanted)
    {
        using var secret = store.Sealer.Open(stored.SealedSecret, SealedName.AccessKey(stored.Id, stored.OwnerId));
        return secret.FixedTimeEquals(wanted.Secret);
    }

    /// <summary>Why only where there is none: a root key that is gone was rotated or revoked, and a start must not bring it back.</summary>
    private SeedChange? PlanRootKey(RamReader reader, string account, SeedAccessKey key)
    {
        var what = $"root access key {account} {key.Id}";
        var stored = AccessKeyTable.Find(reader, key.Id);
        if (stored is null)
        {
            return AccessKeyTable.FindRoot(reader, account) is null
                ? SeedChange.Add(key.Place, what, token => WriteAsync(writer => AddRootKey(writer, account, key), token))
                : SeedChange.Keep(key.Place, $"{what}: the root has another one, kept");
        }

        if (stored.AccountId != account || stored.OwnerKind != IdentityKind.Root)
        {
            throw key.Place.Fault("the id belongs to another user or account.");
        }

        return stored.IsActive == 0 ? SeedChange.Keep(key.Place, $"{what}: is Inactive, kept") : PlanRootSecret(stored, key, what);
    }

    private SeedChange? PlanRootSecret(OwnedAccessKey stored, SeedAccessKey key, string what) => HasSecret(store, stored, key)
        ? null
        : SeedChange.Change(key.Place, $"{what}: secret", token => WriteAsync(
            writer =>
            {
                AccessKeyTable.Delete(writer, stored.OwnerId, key.Id);
                AddRootKey(writer, stored.AccountId, key);
            },
            token));

    private static void Create(RamWriter writer, SeedAccount account)
    {
        AccountTable.Insert(writer, account.Id, account.Name ?? string.Empty);
        AccountTable.MarkRootDelivered(writer, account.Id);
    }

    private void AddRootKey(RamWriter writer, string account, SeedAccessKey key)
    {
        using var secret = new SecretBuffer(key.Secret);
        RootKeys.Add(writer, store.Sealer, AccountTable.Find(writer, account)!, new RootCredential(key.Id, secret));
    }

    private Task<bool> WriteAsync(Action<RamWriter> change, CancellationToken cancellationToken) => store.Database.WriteAsync(
        writer =>
        {
            change(writer);
            return true;
        },
        cancellationToken);
}
