using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>What the first start puts into ram.db, in one transaction.</summary>
/// <param name="AccountId">From <see cref="RamBootstrap.EnsureAccountAsync"/>.</param>
/// <param name="DataKey">32 bytes; stays the caller's.</param>
/// <param name="WrappedDataKey">The same key as the core wrapped it.</param>
/// <param name="SealingKeys">The gateway's own keys by name (diagnostic messages, sessions, context hashes); stay the caller's.</param>
internal sealed record RamInitialization(
    string AccountId, SecretBuffer DataKey, ReadOnlyMemory<byte> WrappedDataKey, IReadOnlyDictionary<string, SecretBuffer> SealingKeys)
{
    /// <summary>Root credentials of the settings; null to have them generated.</summary>
    public RootCredential? RootCredential { get; init; }
}

/// <summary>An access key of the account's root.</summary>
/// <param name="AccessKeyId">Id.</param>
/// <param name="Secret">UTF-8.</param>
internal sealed record RootCredential(string AccessKeyId, SecretBuffer Secret);

/// <summary>
/// The first start, step by step; each step is one transaction and finds out by itself that it was done before, so a start that
/// was killed is simply started again. Source: decisions.md D4.
/// </summary>
internal static class RamBootstrap
{
    private const long DataKeyId = 1;

    /// <summary>
    /// The account of this gateway, made when there is none: 16 digits, <paramref name="configured"/> or generated. An account
    /// that is there already wins over the settings: compare to warn.
    /// </summary>
    public static Task<string> EnsureAccountAsync(this RamStore store, string? configured, CancellationToken cancellationToken)
    {
        if (configured is not null && (configured.Length != 16 || !configured.All(char.IsAsciiDigit)))
        {
            throw new ArgumentException("an account id has 16 digits", nameof(configured));
        }

        return store.Database.WriteAsync(
            writer =>
            {
                if (AccountTable.First(writer) is { } existing)
                {
                    return existing.Id;
                }

                var account = configured ?? EntityId.NewAccount();
                AccountTable.Insert(writer, account);
                return account;
            },
            cancellationToken);
    }

    /// <summary>
    /// Data key, root access key and sealing keys in one transaction; then <see cref="RamStore.Unlock"/>. False, and nothing
    /// changed, when it was done before: the data key to unlock with is then the one behind <see cref="RamStore.WrappedDataKey"/>.
    /// </summary>
    public static Task<bool> InitializeAsync(this RamStore store, RamInitialization initialization, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(writer => Initialize(writer, initialization), cancellationToken);

    /// <summary>
    /// The generated root access key while nobody has confirmed that the operator has it (<c>root-access-key.json</c> written);
    /// null afterwards and for credentials that came from the settings. The caller disposes the secret.
    /// </summary>
    public static RootCredential? PendingRootCredential(this RamStore store)
    {
        var pending = store.Database.Read(reader =>
            AccountTable.First(reader) is { RootDelivered: 0 } account ? AccessKeyTable.FindRoot(reader, account.Id) : null);
        return pending is null
            ? null
            : new RootCredential(pending.Id, store.Sealer.Open(pending.SealedSecret, SealedName.AccessKey(pending.Id, pending.OwnerId)));
    }

    /// <summary>The operator has the root access key; it is not shown again.</summary>
    public static Task ConfirmRootCredentialAsync(this RamStore store, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                AccountTable.MarkRootDelivered(writer, AccountTable.First(writer)!.Id);
                return true;
            },
            cancellationToken);

    private static bool Initialize(RamWriter writer, RamInitialization initialization)
    {
        if (AccountTable.DataKey(writer) is not null)
        {
            return false;
        }

        var account = AccountTable.Find(writer, initialization.AccountId)
            ?? throw new InvalidOperationException("the account is made before the store is initialized");

        // Why a copy: a sealer disposes its key, and this one stays the caller's.
        using var sealer = new SecretSealer(new SecretBuffer(initialization.DataKey.ExposeBytes()));
        AccountTable.InsertDataKey(writer, account.Id, new DataKeyRecord(
            DataKeyId, initialization.WrappedDataKey.ToArray(), sealer.Seal([], SealedName.DataKeyProof(DataKeyId))));
        foreach (var (name, secret) in initialization.SealingKeys)
        {
            var sealedSecret = sealer.Seal(secret.ExposeBytes(), SealedName.GatewaySecret(name));
            AccountTable.InsertGatewaySecret(writer, DataKeyId, new GatewaySecretRecord(name, sealedSecret));
        }

        AddRootKey(writer, sealer, account, initialization.RootCredential);
        return true;
    }

    private static void AddRootKey(RamWriter writer, SecretSealer sealer, AccountRecord account, RootCredential? given)
    {
        var key = RootKeys.Add(writer, sealer, account, given);
        if (given is null)
        {
            key.Secret.Dispose();
        }
        else
        {
            AccountTable.MarkRootDelivered(writer, account.Id);
        }
    }
}
