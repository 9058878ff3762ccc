using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

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
    private readonly ImportedMaterial materials;
    private readonly CapturingLoggers logs = new();

    public ScheduledWorkTests()
    {
        data = DataDirectory.Open(directory.File("data"), "a test");
        (sealing, store) = KeyHierarchy.Open(data, clock);
        var providers = new CryptoProviders(new SoftwareProvider(sealing));
        versions = new KeyVersions(providers);
        materials = new ImportedMaterial(providers, logs.CreateLogger<ImportedMaterial>());
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
        clock.Advance(WorkLease.Life);
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
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease(WorkLease.Name, "somebody else", now, now + WorkLease.Life)));

        await NewWork().RunDueAsync();
        Assert.Equal(1, VersionsOf(key));

        clock.Advance(WorkLease.Life);
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
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease(WorkLease.Name, "another", now, now)));
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
        Assert.False(store.HasDue(clock.GetUtcNow(), []));
    }

    [Fact]
    public async Task RunDue_MoreFailuresThanOneRound_DoesAllTheRest()
    {
        var broken = new List<KeyRecord>();
        for (var index = 0; index < 101; index++)
        {
            broken.Add(await NewBrokenKeyAsync());
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        var rotated = await NewKeyAsync();
        var deleted = await NewDeletedKeyAsync();
        clock.Advance(Week);

        await NewWork().RunDueAsync();

        Assert.Equal(2, VersionsOf(rotated));
        Assert.Null(store.FindKey(deleted.KeyId));
        Assert.All(broken, key => Assert.Equal(1, VersionsOf(key)));
        Assert.All(broken, key => Assert.Single(logs.Lines, line => line.Contains($"Scheduled Rotation of {key.KeyId} failed", StringComparison.Ordinal)));
        var now = clock.GetUtcNow();
        Assert.True(await store.WriteAsync(transaction => transaction.TakeLease(WorkLease.Name, "another", now, now)));
    }

    [Fact]
    public async Task RunDue_RowTheDatabaseRefuses_DoesAllTheRest()
    {
        var refused = await NewKeyAsync();
        var rotated = await NewKeyAsync();
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = directory.File("data/keys.db"), Pooling = false }.ToString()))
        {
            connection.Execute(
                $"CREATE TRIGGER refuse BEFORE INSERT ON key_versions WHEN NEW.key_id = '{refused.KeyId}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        }

        clock.Advance(Week);

        await NewWork().RunDueAsync();

        Assert.Equal((1, 2), (VersionsOf(refused), VersionsOf(rotated)));
        Assert.Single(logs.Lines, line => line.Contains($"Scheduled Rotation of {refused.KeyId} failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunDue_RowThatGoesOnFailing_IsTriedSeldomerAndSoLogged()
    {
        var broken = await NewBrokenKeyAsync();
        clock.Advance(Week);
        var work = NewWork();

        foreach (var (seconds, tries) in ((int, int)[])[(0, 1), (0, 1), (1, 2), (1, 2), (1, 3), (3, 3), (1, 4), (3600, 5), (0, 5)])
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await work.RunDueAsync();
            Assert.Equal(tries, logs.Lines.Count(line => line.Contains($"Scheduled Rotation of {broken.KeyId} failed", StringComparison.Ordinal)));
        }

        var rotated = await NewKeyAsync();
        clock.Advance(Week);
        await work.RunDueAsync();
        Assert.Equal((1, 2), (VersionsOf(broken), VersionsOf(rotated)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(92)]
    [InlineData(93)]
    public async Task RunDue_ExpiringRecordThatDoesNotOpen_IsDestroyedAndSoIsTheRestDone(int length)
    {
        var material = RandomNumberGenerator.GetBytes(32);
        var expiring = await NewImportedKeyAsync(material);
        _ = await AlterAsync(expiring, length);
        var rotated = await NewKeyAsync();
        var deleted = await NewDeletedKeyAsync();
        clock.Advance(Week);

        await NewWork().RunDueAsync();

        Assert.Equal(2, VersionsOf(rotated));
        Assert.Null(store.FindKey(deleted.KeyId));
        var left = store.FindKey(expiring.KeyId)!;
        Assert.Equal((KeyState.PendingImport, false, null), (left.State, left.HasMaterial, left.MaterialExpiresAt));
        Assert.Equal(61, store.ReadVersion(expiring.PrimaryVersion!)!.Sealed.Length);
        Assert.Contains(logs.Lines, line => line.StartsWith($"Critical Material of version {expiring.PrimaryVersion} of key {expiring.KeyId}", StringComparison.Ordinal));
        Assert.False(store.HasDue(clock.GetUtcNow(), []));
        var refusal = await Assert.ThrowsAsync<KmsException>(() => store.WriteAsync(transaction => Import(transaction, left, material)));
        Assert.Equal("InvalidKeyMaterial", refusal.Error.Code);
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

    private ScheduledWork NewWork() => new(store, versions, materials, clock, logs.CreateLogger<ScheduledWork>());

    private long VersionsOf(KeyRecord key) => store.ListVersions(new VersionQuery(key.KeyId, 1, 1)).TotalCount;

    /// <summary>An imported key whose material expires in a week.</summary>
    private Task<KeyRecord> NewImportedKeyAsync(byte[] material) => store.WriteAsync(transaction => Import(
        transaction,
        new KeyFactory(versions).Create(
            transaction,
            new NewKey(TestCore.Account, TestCore.Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, clock.GetUtcNow())
            {
                Origin = Origins.External,
            }),
        material));

    private KeyRecord Import(IKeyTransaction transaction, KeyRecord key, byte[] material)
    {
        materials.Import(transaction, key, material, clock.GetUtcNow() + Week, clock.GetUtcNow());
        return transaction.FindKey(key.KeyId)!;
    }

    /// <summary>Flips the last bit of the sealed record, of which <paramref name="length"/> bytes are left.</summary>
    private Task<bool> AlterAsync(KeyRecord key, int length) => store.WriteAsync(transaction =>
    {
        var version = transaction.FindVersion(key.PrimaryVersion!)!;
        var altered = version.Sealed[..length];
        if (length > 0)
        {
            altered[^1] ^= 1;
        }

        transaction.ReplaceSealed(version with { Sealed = altered });
        return true;
    });

    private async Task<KeyRecord> NewDeletedKeyAsync()
    {
        var key = await NewKeyAsync();
        return await store.WriteAsync(transaction =>
        {
            var deleted = key with { State = KeyState.PendingDeletion, DeleteAt = clock.GetUtcNow() + Week };
            transaction.UpdateKey(deleted);
            return deleted;
        });
    }

    /// <summary>A key to be rotated, of a kind nobody here can make versions of.</summary>
    private async Task<KeyRecord> NewBrokenKeyAsync()
    {
        var sound = await NewKeyAsync();
        return await store.WriteAsync(transaction =>
        {
            var version = transaction.FindVersion(sound.PrimaryVersion!)!;
            transaction.EraseKey(sound.KeyId);
            var broken = sound with { Spec = "Unknown" };
            transaction.InsertKey(broken, version);
            return broken;
        });
    }

    private Task<KeyRecord> NewKeyAsync() => store.WriteAsync(transaction => new KeyFactory(versions).Create(
        transaction,
        new NewKey(TestCore.Account, TestCore.Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, clock.GetUtcNow())
        {
            RotationInterval = Week,
        }));
}
