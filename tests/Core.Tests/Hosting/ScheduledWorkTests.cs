using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Core.Tests.Hosting;

/// <summary>Exactly once, on time, after a restart too, whoever else tries.</summary>
public sealed class ScheduledWorkTests : IAsyncDisposable
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly TempDirectory directory = new();
    private readonly DataDirectory data;
    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly Sealing sealing;
    private readonly SqliteKeyStore store;
    private readonly KeyVersions versions;

    public ScheduledWorkTests()
    {
        data = DataDirectory.Open(directory.File("data"), "a test");
        (sealing, store) = KeyHierarchy.Open(data, clock);
        versions = new KeyVersions(new CryptoProviders(new SoftwareProvider(sealing)));
    }

    [Fact]
    public async Task RunDue_ByManyAtOnce_RotatesEachKeyOnce()
    {
        const int keys = 250;
        for (var index = 0; index < keys; index++)
        {
            _ = await NewKeyAsync();
        }

        clock.Advance(Week);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => NewWork().RunDueAsync())));
        clock.Advance(ScheduledWork.LeaseLife);
        await NewWork().RunDueAsync();

        var listed = store.ListKeys(new KeyQuery(TestCore.Account, TestCore.Region, 1, keys, []));
        Assert.Equal(keys, listed.Items.Count);
        Assert.All(listed.Items, key => Assert.Equal(2, store.ListVersions(new VersionQuery(key.KeyId, 1, 10)).TotalCount));
    }

    [Fact]
    public async Task RunDue_WhileAnotherHoldsTheLease_WaitsUntilItRunsOut()
    {
        var key = await NewKeyAsync();
        clock.Advance(Week);
        var now = clock.GetUtcNow();
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease(ScheduledWork.Lease, "somebody else", now, now + ScheduledWork.LeaseLife)));

        await NewWork().RunDueAsync();
        Assert.Equal(1, VersionsOf(key));

        clock.Advance(ScheduledWork.LeaseLife);
        await NewWork().RunDueAsync();
        Assert.Equal(2, VersionsOf(key));
    }

    [Fact]
    public async Task RunDue_WhenDone_GivesTheLeaseBack()
    {
        _ = await NewKeyAsync();
        clock.Advance(Week);
        await NewWork().RunDueAsync();

        var now = clock.GetUtcNow();
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease(ScheduledWork.Lease, "another", now, now)));
    }

    [Fact]
    public async Task TakeLease_OfALivingHolder_IsRenewedByHimAlone()
    {
        var now = clock.GetUtcNow();

        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease("work", "a", now, now.AddSeconds(10))));
        Assert.False(await store.WriteAsync(transaction => transaction.TakeLease("work", "b", now.AddSeconds(9), now.AddSeconds(19))));
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease("work", "a", now.AddSeconds(9), now.AddSeconds(19))));
        Assert.False(await store.WriteAsync(transaction => transaction.TakeLease("work", "b", now.AddSeconds(18), now.AddSeconds(28))));
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease("work", "b", now.AddSeconds(19), now.AddSeconds(29))));
    }

    [Fact]
    public async Task RunDue_KeyPastItsWindow_LeavesNothingOfIt()
    {
        var key = await NewKeyAsync();
        var version = key.PrimaryVersion!;
        var retired = new List<string>();
        store.WhenRetired(retired.Add);
        await store.WriteAsync(transaction =>
        {
            _ = transaction.InsertAlias(TestCore.Account, TestCore.Region, "alias/app", key.KeyId, clock.GetUtcNow());
            transaction.UpdateKey(key with { State = KeyState.PendingDeletion, DeleteAt = clock.GetUtcNow() + Week });
            return true;
        });

        clock.Advance(Week - TimeSpan.FromMilliseconds(1));
        await NewWork().RunDueAsync();
        Assert.NotNull(store.FindKey(key.KeyId));

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await NewWork().RunDueAsync();
        Assert.Null(store.FindKey(key.KeyId));
        Assert.Null(store.ReadVersion(version));
        Assert.Null(store.FindAlias(TestCore.Account, TestCore.Region, "alias/app"));
        Assert.Equal([version], retired);
        Assert.False(store.HasDue(clock.GetUtcNow()));
    }

    [Fact]
    public async Task BackgroundService_OfARunningCore_DoesItWithinSeconds()
    {
        await using var core = await TestCore.StartAsync();
        var keyId = await core.CreateKeyAsync(new JsonObject { ["EnableAutomaticRotation"] = true, ["RotationInterval"] = "7d" });
        core.Clock.Advance(Week);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!core.Logs.Lines.Any(line => line.Contains($"Scheduled Rotation of {keyId} is done", StringComparison.Ordinal)))
        {
            Assert.True(await pause.WaitForNextTickAsync(patience.Token));
        }

        Assert.Equal(2, (await core.VersionsAsync(keyId)).Count);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        sealing.Dispose();
        data.Dispose();
        directory.Dispose();
    }

    private ScheduledWork NewWork() => new(store, versions, new ImportedMaterial(new CryptoProviders(new SoftwareProvider(sealing))), clock, NullLogger<ScheduledWork>.Instance);

    private long VersionsOf(KeyRecord key) => store.ListVersions(new VersionQuery(key.KeyId, 1, 1)).TotalCount;

    private Task<KeyRecord> NewKeyAsync() => store.WriteAsync(transaction => new KeyFactory(versions).Create(
        transaction,
        new NewKey(TestCore.Account, TestCore.Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, clock.GetUtcNow())
        {
            RotationInterval = Week,
        }));
}
