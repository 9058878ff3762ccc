using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// The identities of this gateway. Opened in two steps: the database first, then, when the core has unwrapped it, the data key
/// that opens secrets. Before the second step nothing that needs a secret is served. Source: decisions.md D4.
/// </summary>
internal sealed class RamStore : IDisposable
{
    private volatile SecretSealer? sealer;

    private RamStore(RamDatabase database, RamStoreSettings settings, RamCaches caches)
    {
        Database = database;
        Quotas = settings.Quotas;
        AccessKeys = new StoredAccessKeySource(database, () => Sealer, caches);
        Usage = new AccessKeyUsage(database);
        Policies = new StoredPolicySource(database, caches, settings.Logger);
        Standings = new Standings(database, caches);
    }

    /// <summary>Access keys for authentication.</summary>
    public IAccessKeySource AccessKeys { get; }

    /// <summary>Last use of access keys.</summary>
    public AccessKeyUsage Usage { get; }

    /// <summary>Policies for authorization.</summary>
    public IPolicySource Policies { get; }

    /// <summary>What sessions depend on.</summary>
    public Standings Standings { get; }

    /// <summary>Limits in force.</summary>
    public RamQuotas Quotas { get; }

    /// <summary>The account of this gateway; null before <see cref="RamBootstrap.EnsureAccountAsync"/>.</summary>
    public string? AccountId => Database.Read(AccountTable.First)?.Id;

    /// <summary>The data key as the core wrapped it; null before <see cref="RamBootstrap.InitializeAsync"/>.</summary>
    public byte[]? WrappedDataKey => Database.Read(AccountTable.DataKey)?.Wrapped;

    /// <summary>Whether secrets can be opened.</summary>
    public bool IsUnlocked => sealer is not null;

    /// <summary>The file.</summary>
    internal RamDatabase Database { get; }

    /// <summary>The open data key; 503 before <see cref="Unlock"/>.</summary>
    internal SecretSealer Sealer => sealer ?? throw GatewayErrors.ServiceUnavailable.With();

    /// <summary>Opens or makes <paramref name="path"/> and brings it to the current schema.</summary>
    /// <exception cref="StartupException">Exit 70: not a database, damaged, or written by a newer program.</exception>
    public static RamStore Open(string path, RamStoreSettings settings)
    {
        var caches = new RamCaches(settings.CacheLimits);
        return new RamStore(RamDatabase.Open(path, settings.Clock, caches.Invalidate), settings, caches);
    }

    /// <summary>Takes the data key over, after proving that it is the one the store was initialized with.</summary>
    /// <exception cref="StartupException">Exit 70: another key; it is disposed.</exception>
    public void Unlock(SecretBuffer dataKey)
    {
        var record = Database.Read(AccountTable.DataKey)
            ?? throw new InvalidOperationException("a store is initialized before it is unlocked");
        var candidate = new SecretSealer(dataKey);
        try
        {
            candidate.Open(record.Proof, SealedName.DataKeyProof(record.Id)).Dispose();
        }
        catch (CryptographicException exception)
        {
            candidate.Dispose();
            throw new StartupException(
                StartupException.CouldNotStart, "The data key does not belong to this identity database (ram.db).", exception);
        }

        if (Interlocked.CompareExchange(ref sealer, candidate, null) is not null)
        {
            candidate.Dispose();
            throw new InvalidOperationException("a store is unlocked once");
        }
    }

    /// <summary>A secret that <see cref="RamBootstrap.InitializeAsync"/> sealed under <paramref name="name"/>, or null; the caller disposes it.</summary>
    public SecretBuffer? OpenGatewaySecret(string name)
    {
        var record = Database.Read(reader => AccountTable.GatewaySecret(reader, name));
        return record is null ? null : Sealer.Open(record.Sealed, SealedName.GatewaySecret(name));
    }

    /// <summary>The names of the gateway's secrets that begin so, with the time each was made.</summary>
    public IReadOnlyList<GatewaySecretName> GatewaySecrets(string prefix) =>
        Database.Read(reader => AccountTable.GatewaySecrets(reader, prefix));

    /// <summary>Adds a secret and removes others, in one transaction; false, and nothing changed, when it is there already.</summary>
    public Task<bool> ReplaceGatewaySecretsAsync(string added, SecretBuffer secret, IEnumerable<string> removed, CancellationToken cancellationToken)
    {
        var record = new GatewaySecretRecord(added, Sealer.Seal(secret.ExposeBytes(), SealedName.GatewaySecret(added)));
        return Database.WriteAsync(
            writer =>
            {
                if (AccountTable.GatewaySecret(writer, added) is not null)
                {
                    return false;
                }

                AccountTable.InsertGatewaySecret(writer, AccountTable.DataKey(writer)!.Id, record);
                foreach (var name in removed)
                {
                    AccountTable.DeleteGatewaySecret(writer, name);
                }

                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Database.Dispose();
        sealer?.Dispose();
    }
}

/// <summary>What a store is opened with.</summary>
/// <param name="Clock">Time of writes.</param>
internal sealed record RamStoreSettings(TimeProvider Clock)
{
    /// <summary>Limits.</summary>
    public RamQuotas Quotas { get; init; } = new();

    /// <summary>Where an operator reads what goes wrong here.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Bounds of the caches.</summary>
    public RamCacheLimits CacheLimits { get; init; } = new();
}
