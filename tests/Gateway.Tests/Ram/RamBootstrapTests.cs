using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class RamBootstrapTests : IDisposable
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] SealingKey = RandomNumberGenerator.GetBytes(32);

    private readonly TempDirectory directory = new();
    private readonly RamStoreSettings settings = new(new TestClock(DateTimeOffset.UnixEpoch.AddYears(56)));

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task FirstStart_NothingConfigured_GeneratesAccountAndRootKey()
    {
        using var store = Open();
        Assert.Null(store.AccountId);
        Assert.Null(store.WrappedDataKey);
        var account = await store.EnsureAccountAsync(null, default);
        Assert.Matches("^[1-9][0-9]{15}$", account);
        Assert.True(await InitializeAsync(store));
        Assert.Equal((account, false), (store.AccountId, store.IsUnlocked));
        Assert.Equal("wrapped"u8.ToArray(), store.WrappedDataKey);
        store.Unlock(new SecretBuffer(Key));

        var root = store.PendingRootCredential()!;
        Assert.Matches("^LTAI[A-Za-z0-9]{20}$", root.AccessKeyId);
        Assert.Matches("^[A-Za-z0-9]{30}$", Encoding.UTF8.GetString(root.Secret.ExposeBytes()));
        var found = await store.AccessKeys.FindAsync(root.AccessKeyId, default);
        Assert.Equal(new Identity(PrincipalKind.Root, account, account, "root"), found!.Owner);
        Assert.True(found.Secret.FixedTimeEquals(root.Secret.ExposeBytes()));
        using var sealing = store.OpenGatewaySecret("sessions");
        Assert.True(sealing!.FixedTimeEquals(SealingKey));
        Assert.Null(store.OpenGatewaySecret("other"));
    }

    [Fact]
    public async Task FirstStart_Configured_UsesWhatIsGivenAndShowsNothing()
    {
        using var store = Open();
        Assert.Equal("0234567890123456", await store.EnsureAccountAsync("0234567890123456", default));
        Assert.True(await InitializeAsync(store, new RootCredential("LTAIgiven", new SecretBuffer("given"u8))));
        store.Unlock(new SecretBuffer(Key));
        Assert.Null(store.PendingRootCredential());
        Assert.True((await store.AccessKeys.FindAsync("LTAIgiven", default))!.Secret.FixedTimeEquals("given"u8));
    }

    [Theory]
    [InlineData("123456789012345")]
    [InlineData("12345678901234567")]
    [InlineData("123456789012345x")]
    [InlineData("１２３４５６７８９０１２３４５６")]
    public async Task EnsureAccount_NotSixteenDigits_IsRefused(string account)
    {
        using var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(() => store.EnsureAccountAsync(account, default));
        Assert.Null(store.AccountId);
    }

    [Fact]
    public async Task EveryStep_RunAgain_ChangesNothing()
    {
        string account;
        string rootId;
        using (var store = Open())
        {
            account = await store.EnsureAccountAsync(null, default);
            Assert.True(await InitializeAsync(store));
            store.Unlock(new SecretBuffer(Key));
            rootId = store.PendingRootCredential()!.AccessKeyId;
        }

        using (var store = Open())
        {
            Assert.Equal(account, await store.EnsureAccountAsync("9999999999999999", default));
            using var other = new SecretBuffer(RandomNumberGenerator.GetBytes(32));
            using var secret = new SecretBuffer("other"u8);
            Assert.False(await store.InitializeAsync(
                new RamInitialization(account, other, "other"u8.ToArray(), Keys(secret)) { RootCredential = new RootCredential("LTAIother", secret) },
                default));
            Assert.Equal("wrapped"u8.ToArray(), store.WrappedDataKey);
            store.Unlock(new SecretBuffer(Key));
            Assert.Equal(rootId, store.PendingRootCredential()!.AccessKeyId);
            Assert.Null(await store.AccessKeys.FindAsync("LTAIother", default));
        }
    }

    [Fact]
    public async Task RootCredential_UntilConfirmed_IsShownAgainAfterARestart()
    {
        using (var store = Open())
        {
            await store.EnsureAccountAsync(null, default);
            await InitializeAsync(store);
        }

        using (var store = Open())
        {
            store.Unlock(new SecretBuffer(Key));
            Assert.NotNull(store.PendingRootCredential());
            await store.ConfirmRootCredentialAsync(default);
            Assert.Null(store.PendingRootCredential());
        }

        using (var store = Open())
        {
            store.Unlock(new SecretBuffer(Key));
            Assert.Null(store.PendingRootCredential());
        }
    }

    /// <summary>Every statement of the initialization in turn fails as a kill would, then the start is run again.</summary>
    [Theory]
    [InlineData("data_keys")]
    [InlineData("gateway_secrets")]
    [InlineData("access_keys")]
    public async Task Initialize_KilledAtAStatement_LeavesNothingAndTheNextStartFinishes(string table)
    {
        string account;
        using (var store = Open())
        {
            account = await store.EnsureAccountAsync(null, default);
            await store.Database.WriteAsync(
                writer => writer.Execute($"CREATE TRIGGER kill AFTER INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'killed'); END"), default);
            await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => InitializeAsync(store));
        }

        using (var store = Open())
        {
            foreach (var each in new[] { "data_keys", "gateway_secrets", "access_keys" })
            {
                Assert.Equal(0, store.Database.Read(reader => reader.Number($"SELECT count(*) FROM {each}")));
            }

            await store.Database.WriteAsync(writer => writer.Execute("DROP TRIGGER kill"), default);
            Assert.Equal(account, await store.EnsureAccountAsync(null, default));
            Assert.Null(store.WrappedDataKey);
            Assert.True(await InitializeAsync(store));
            store.Unlock(new SecretBuffer(Key));
            Assert.NotNull(store.PendingRootCredential());
        }
    }

    [Theory]
    [InlineData("accounts")]
    [InlineData("identities")]
    public async Task EnsureAccount_KilledAtAStatement_LeavesNothing(string table)
    {
        using var store = Open();
        await store.Database.WriteAsync(
            writer => writer.Execute($"CREATE TRIGGER kill AFTER INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'killed'); END"), default);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => store.EnsureAccountAsync(null, default));
        Assert.Null(store.AccountId);
        await store.Database.WriteAsync(writer => writer.Execute("DROP TRIGGER kill"), default);
        Assert.NotNull(await store.EnsureAccountAsync(null, default));
    }

    [Fact]
    public async Task Initialize_WithoutItsAccount_IsRefused()
    {
        using var store = Open();
        using var key = new SecretBuffer(Key);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.InitializeAsync(
            new RamInitialization("1234567890123456", key, "w"u8.ToArray(), ImmutableDictionary<string, SecretBuffer>.Empty), default));
    }

    [Fact]
    public async Task Unlock_AnotherKey_IsRefusedWithExit70AndOpensNothing()
    {
        using var store = Open();
        await store.EnsureAccountAsync(null, default);
        await InitializeAsync(store);
        var bytes = RandomNumberGenerator.GetBytes(32);
        var wrong = new SecretBuffer(bytes);
        Assert.Equal(70, Assert.Throws<StartupException>(() => store.Unlock(wrong)).ExitCode);
        Assert.True(IsGone(wrong, bytes));
        Assert.False(store.IsUnlocked);
        Assert.Same(GatewayErrors.ServiceUnavailable, Assert.Throws<KmsException>(() => store.PendingRootCredential()).Error);
        store.Unlock(new SecretBuffer(Key));
        Assert.NotNull(store.PendingRootCredential());
    }

    [Fact]
    public async Task Unlock_TwiceOrBeforeInitialization_IsRefused()
    {
        using var store = Open();
        using var early = new SecretBuffer(Key);
        Assert.Throws<InvalidOperationException>(() => store.Unlock(early));
        await store.EnsureAccountAsync(null, default);
        await InitializeAsync(store);
        store.Unlock(new SecretBuffer(Key));
        Assert.Throws<InvalidOperationException>(() => store.Unlock(new SecretBuffer(Key)));
        Assert.NotNull(store.PendingRootCredential());
    }

    [Fact]
    public async Task FindKey_BeforeUnlock_Answers503()
    {
        using var store = Open();
        await store.EnsureAccountAsync(null, default);
        await InitializeAsync(store, new RootCredential("LTAIgiven", new SecretBuffer("given"u8)));
        var refusal = await Assert.ThrowsAsync<KmsException>(async () => await store.AccessKeys.FindAsync("LTAIgiven", default));
        Assert.Same(GatewayErrors.ServiceUnavailable, refusal.Error);
    }

    [Fact]
    public async Task FindKey_SealedSecretOfAnotherRow_IsRefused()
    {
        using var ram = await RamTestStore.CreateAsync();
        await ram.CreateUserAsync("alice");
        var (id, _) = await ram.CreateKeyAsync("alice");
        await ram.Store.Database.WriteAsync(
            writer => writer.Execute(
                "UPDATE access_keys SET sealed_secret = (SELECT sealed_secret FROM access_keys WHERE access_key_id = @root) WHERE access_key_id = @id",
                new { id, root = RamTestStore.RootKeyId }),
            default);
        await Assert.ThrowsAnyAsync<CryptographicException>(() => ram.FindKeyAsync(id));
    }

    [Fact]
    public async Task Files_AfterEverything_HoldNoSecretInClear()
    {
        using var ram = await RamTestStore.CreateAsync();
        await ram.CreateUserAsync("marker-user-name");
        var (_, secret) = await ram.CreateKeyAsync("marker-user-name");
        await ram.CreateKeyAsync("marker-user-name");

        var files = Directory.GetFiles(ram.DirectoryPath).Select(File.ReadAllBytes).ToList();
        Assert.Contains(files, bytes => Holds(bytes, "marker-user-name"));
        Assert.All(files, bytes => Assert.False(Holds(bytes, secret) || Holds(bytes, RamTestStore.RootSecret)));

        static bool Holds(byte[] bytes, string text) =>
            bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
    }

    [Fact]
    public async Task Reopen_AfterEveryKindOfWrite_HasEverything()
    {
        using var ram = await RamTestStore.CreateAsync();
        var alice = await ram.CreateUserAsync("alice");
        var (id, secret) = await ram.CreateKeyAsync("alice");
        await ram.CreatePolicyAsync("p");
        await ram.AttachAsync("alice", "p");
        await ram.CreateGroupAsync("g");
        await ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "g"));
        await ram.CallAsync("AttachPolicyToGroup", ("GroupName", "g"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
        var answers = await AnswersAsync();

        ram.Reopen();

        Assert.Equal(answers, await AnswersAsync());
        Assert.Equal(["p", "AdministratorAccess"], await ram.PolicyNamesAsync(alice));
        var key = await ram.FindKeyAsync(id);
        Assert.Equal(alice, key!.Owner);
        Assert.True(key.Secret.FixedTimeEquals(Encoding.UTF8.GetBytes(secret)));

        async Task<string> AnswersAsync() => string.Join('\n', await Task.WhenAll(
            new[] { "ListUsers", "ListGroups", "ListPolicies", "ListRoles" }.Select(async action => (await ram.CallAsync(action)).ToJsonString())));
    }

    private static bool IsGone(SecretBuffer buffer, byte[] bytes)
    {
        try
        {
            return !buffer.FixedTimeEquals(bytes);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static Dictionary<string, SecretBuffer> Keys(SecretBuffer key) => new(StringComparer.Ordinal)
    {
        ["diagnostics"] = key,
        ["sessions"] = key,
        ["contexts"] = key,
    };

    private static async Task<bool> InitializeAsync(RamStore store, RootCredential? root = null)
    {
        using var key = new SecretBuffer(Key);
        using var sealing = new SecretBuffer(SealingKey);
        return await store.InitializeAsync(
            new RamInitialization(store.AccountId!, key, "wrapped"u8.ToArray(), Keys(sealing)) { RootCredential = root }, default);
    }

    private RamStore Open() => RamStore.Open(directory.File("ram.db"), settings);
}
