using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Accounts;

/// <summary>An account with a root key that was made just now; the caller disposes its secret.</summary>
internal sealed record AccountCredential(AccountRecord Account, RootCredential Key);

/// <summary>An account as <c>accounts list</c> shows it. <c>LastUsedAt</c> is the latest use of any root key, null when there was none.</summary>
internal sealed record AccountSummary(
    AccountRecord Account, IReadOnlyList<AccessKeyRecord> RootKeys, long? LastUsedAt, long Users, long Groups, long Roles, long Policies);

/// <summary>
/// What an operator does with accounts. Refusals are <see cref="StartupException"/>s with the exit code of the command. Source:
/// architecture.md, operator contract.
/// </summary>
internal sealed class AccountAdministration(RamStore store)
{
    /// <summary>Exit code: the request is well formed and what it asks for is not so.</summary>
    public const int Refused = 1;

    /// <summary>Makes an account, with one root key. Ids: 16 digits, the first not zero.</summary>
    public Task<AccountCredential> CreateAsync(string? id, string name, CancellationToken cancellationToken)
    {
        var sealer = store.Sealer;
        return store.Database.WriteAsync(
            writer =>
            {
                var account = id ?? EntityId.NewAccount();
                if (AccountTable.Find(writer, account) is not null)
                {
                    throw new StartupException(Refused, $"The account {account} exists already.");
                }

                AccountTable.Insert(writer, account, name);
                AccountTable.MarkRootDelivered(writer, account);
                var record = AccountTable.Find(writer, account)!;
                return new AccountCredential(record, RootKeys.Add(writer, sealer, record));
            },
            cancellationToken);
    }

    /// <summary>In the order they were made.</summary>
    public IReadOnlyList<AccountSummary> List() => store.Database.Read(reader => AccountTable.List(reader).Select(account => Summarize(reader, account)).ToArray());

    /// <summary>A disabled account's keys, its root's and its users', are refused from the next request on.</summary>
    public Task<AccountRecord> SetActiveAsync(string id, bool isActive, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var account = Find(writer, id);
                if (account.IsActive != 0 != isActive)
                {
                    AccountTable.SetActive(writer, account, isActive);
                }

                return Find(writer, id);
            },
            cancellationToken);

    /// <summary>One new root key in place of all old ones.</summary>
    public Task<AccountCredential> RotateRootAsync(string id, CancellationToken cancellationToken)
    {
        var sealer = store.Sealer;
        return store.Database.WriteAsync(
            writer =>
            {
                var account = Find(writer, id);
                AccountTable.MarkRootDelivered(writer, id);
                return new AccountCredential(account, RootKeys.Replace(writer, sealer, account));
            },
            cancellationToken);
    }

    private AccountSummary Summarize(RamReader reader, AccountRecord account)
    {
        var keys = AccessKeyTable.ListOf(reader, account.RootId);
        return new AccountSummary(
            account,
            keys,
            keys.Max(key => store.Usage.Find(reader, key.Id)?.UsedAt),
            IdentityTable.Count(reader, account.Id, IdentityKind.User),
            IdentityTable.Count(reader, account.Id, IdentityKind.Group),
            IdentityTable.Count(reader, account.Id, IdentityKind.Role),
            PolicyTable.Count(reader, account.Id));
    }

    private static AccountRecord Find(RamReader reader, string id) =>
        AccountTable.Find(reader, id) ?? throw new StartupException(Refused, $"The account {id} does not exist.");
}
