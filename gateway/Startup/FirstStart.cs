using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Seed;
using KmsGateway.Gateway.Sts;

namespace KmsGateway.Gateway.Startup;

/// <summary>
/// What needs the core: the gateway, as product <c>ram</c>, has its data key made or opened under <c>alias/acs/ram</c>, and with it
/// everything in ram.db that is sealed. Run at every start; finds out by itself what was done before. Source: decisions.md D4.
/// </summary>
internal sealed partial class FirstStart(
    RamStore store, CoreClient core, GatewayKeys keys, SeedAtStart seed, GatewayOptions options, DataDirectory data, StartupReport report,
    TimeProvider clock, ILogger<FirstStart> logger)
{
    private const string RootKeyFile = "root-access-key.json";

    /// <summary>Binds the wrapped data key to its purpose.</summary>
    private static readonly Dictionary<string, string> Context = new(StringComparer.Ordinal) { ["purpose"] = "ram.db" };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var account = store.AccountId ?? throw new InvalidOperationException("the account is made first");
        var requestId = RequestId.New();
        var serviceKey = await core.EnsureServiceKeyAsync(account, requestId, cancellationToken);
        if (store.WrappedDataKey is null)
        {
            await InitializeAsync(account, serviceKey, requestId, cancellationToken);
        }

        using (var dataKey = await UnwrapAsync(account, serviceKey, requestId, cancellationToken))
        {
            // Why a copy: the store owns, and disposes, the key it is unlocked with.
            store.Unlock(new SecretBuffer(dataKey.ExposeBytes()));
        }

        await SessionKeyStore.RotateAsync(store, clock, isForced: false, cancellationToken);
        keys.Open(store);
        WarnOfOtherBootstrap(account);
        await DeliverRootCredentialAsync(account, cancellationToken);
        await seed.ApplyAsync(cancellationToken);
    }

    private async Task InitializeAsync(string account, TicketResource serviceKey, string requestId, CancellationToken cancellationToken)
    {
        using var made = await core.UseServiceKeyAsync(
            account, serviceKey, "GenerateDataKey", new { KeyId = serviceKey.Arn, KeySpec = "AES_256", EncryptionContext = Context }, requestId, cancellationToken);
        using var dataKey = DataKeyOf(made);
        using var given = options.Bootstrap.AccessKeySecret is { } secret ? new SecretBuffer(Encoding.UTF8.GetBytes(secret)) : null;
        var sealingKeys = GatewayKeys.Generate();
        await store.InitializeAsync(
            new RamInitialization(account, dataKey, Encoding.ASCII.GetBytes(made.RootElement.GetProperty("CiphertextBlob").GetString()!), sealingKeys)
            {
                RootCredential = given is null ? null : new RootCredential(options.Bootstrap.AccessKeyId!, given),
            },
            cancellationToken);
        foreach (var key in sealingKeys.Values)
        {
            key.Dispose();
        }
    }

    private async Task<SecretBuffer> UnwrapAsync(string account, TicketResource serviceKey, string requestId, CancellationToken cancellationToken)
    {
        var blob = Encoding.ASCII.GetString(store.WrappedDataKey!);
        using var opened = await core.UseServiceKeyAsync(
            account, serviceKey, "Decrypt", new { CiphertextBlob = blob, EncryptionContext = Context }, requestId, cancellationToken);
        return DataKeyOf(opened);
    }

    private static SecretBuffer DataKeyOf(JsonDocument answer)
    {
        var bytes = answer.RootElement.GetProperty("Plaintext").GetBytesFromBase64();
        var buffer = new SecretBuffer(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return buffer;
    }

    /// <summary>Settings that differ from what is there change nothing, and say so (decisions.md D8).</summary>
    private void WarnOfOtherBootstrap(string account)
    {
        if (options.Bootstrap.AccountId is { } configured && !string.Equals(configured, account, StringComparison.Ordinal))
        {
            Log.OtherAccount(logger, account);
        }
    }

    /// <summary>Generated root credentials go to a file that only the owner may read, and to a terminal; once.</summary>
    private async Task DeliverRootCredentialAsync(string account, CancellationToken cancellationToken)
    {
        report.Add("account", account);
        if (store.PendingRootCredential() is not { } credential)
        {
            return;
        }

        using var secret = credential.Secret;
        data.WriteOwnerOnly(RootKeyFile, RootKeyJson(account, credential));
        report.Add("root AccessKeyId", credential.AccessKeyId);
        report.AddSecret("root AccessKeySecret", Encoding.UTF8.GetString(secret.ExposeBytes()), data.FilePath(RootKeyFile));
        await store.ConfirmRootCredentialAsync(cancellationToken);
    }

    private static byte[] RootKeyJson(string account, RootCredential credential)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("AccountId", account);
            writer.WriteString("AccessKeyId", credential.AccessKeyId);
            writer.WriteString("AccessKeySecret", credential.Secret.ExposeBytes());
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Warning, "Kms:Bootstrap:AccountId differs from the account {Account} that is there; the settings change nothing.")]
        public static partial void OtherAccount(ILogger logger, string account);
    }
}
