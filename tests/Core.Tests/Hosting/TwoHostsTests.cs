using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Extensions.Logging;

namespace KmsGateway.Core.Tests.Hosting;

/// <summary>Two cores on one database: what is due is done exactly once, whoever of them comes first, and after a restart.</summary>
public sealed class TwoHostsTests : IDisposable
{
    private const int Rotating = 400;
    private const int Deleted = 400;
    private const int Expiring = 200;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly TempDirectory directory = new();
    private readonly DataDirectory data;
    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public TwoHostsTests() => data = DataDirectory.Open(directory.File("data"), "a test");

    [Fact]
    public async Task RunDue_OfTwoHostsOverAThousandItems_DoesEachOnce()
    {
        await using var one = new Host(data, clock);
        await using var two = new Host(data, clock);
        var made = await one.MakeDueAsync();

        clock.Advance(Week);
        // Why in turns of chance: each finds the lease taken or free, and rows done or not, again and again
        var runs = ((Host[])[one, two]).Select(host => Task.Run(async () =>
        {
            while (host.HasDue)
            {
                await host.RunDueAsync();
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        }));
        await Task.WhenAll(runs);

        RequireOnce(made, one, two);
    }

    /// <summary>The first host stops in the middle of it, its lease not given back; another does the rest when it has run out.</summary>
    [Fact]
    public async Task RunDue_AfterAHostDiedInTheMiddle_IsDoneOnceByTheNext()
    {
        await using var one = new Host(data, clock);
        var made = await one.MakeDueAsync();
        clock.Advance(Week);
        await one.DieAfterAsync(Rotating / 2);

        await using var two = new Host(data, clock);
        await two.RunDueAsync();
        Assert.Empty(two.Done);

        clock.Advance(WorkLease.Life);
        await two.RunDueAsync();

        Assert.NotEmpty(one.Done);
        Assert.NotEmpty(two.Done);
        RequireOnce(made, one, two);
    }

    public void Dispose()
    {
        data.Dispose();
        directory.Dispose();
    }

    private static void RequireOnce(IReadOnlyList<string> made, Host one, Host two)
    {
        Assert.False(one.HasDue);
        string[] done = [.. one.Done, .. two.Done];
        Assert.Equal(made.Order(StringComparer.Ordinal), done.Order(StringComparer.Ordinal));
        for (var index = 0; index < made.Count; index++)
        {
            var left = two.Find(made[index]);
            if (index < Rotating)
            {
                Assert.Equal(2, two.Versions(made[index]));
            }
            else if (index < Rotating + Deleted)
            {
                Assert.Null(left);
            }
            else
            {
                Assert.Equal((KeyState.PendingImport, false, 1), (left!.State, left.HasMaterial, two.Versions(made[index])));
            }
        }
    }

    /// <summary>A core's own store and scheduled work, over a database that another has open too.</summary>
    private sealed class Host : IAsyncDisposable
    {
        private readonly CapturingLoggers logs = new();
        private readonly Sealing sealing;
        private readonly SqliteKeyStore store;
        private readonly KeyVersions versions;
        private readonly ImportedMaterial materials;
        private readonly ScheduledWork work;
        private readonly TestClock clock;

        public Host(DataDirectory data, TestClock clock)
        {
            this.clock = clock;
            (sealing, store) = KeyHierarchy.Open(data, clock);
            var providers = new CryptoProviders(new SoftwareProvider(sealing));
            versions = new KeyVersions(providers);
            materials = new ImportedMaterial(providers, logs.CreateLogger<ImportedMaterial>());
            work = new ScheduledWork(store, versions, materials, clock, logs.CreateLogger<ScheduledWork>());
        }

        public bool HasDue => store.HasDue(clock.GetUtcNow(), []);

        /// <summary>Keys that this host says it has dealt with, once for each time.</summary>
        public IEnumerable<string> Done => logs.Lines
            .Where(line => line.StartsWith("Information Scheduled", StringComparison.Ordinal) && line.Contains(" is done", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[4]);

        public Task RunDueAsync() => work.RunDueAsync();

        public KeyRecord? Find(string keyId) => store.FindKey(keyId);

        public long Versions(string keyId) => store.ListVersions(new VersionQuery(keyId, 1, 1)).TotalCount;

        /// <summary>A thousand keys that rotate, end or lose their material in a week, in this order.</summary>
        public async Task<IReadOnlyList<string>> MakeDueAsync()
        {
            var made = new List<string>();
            for (var index = 0; index < Rotating + Deleted + Expiring; index++)
            {
                made.Add((await store.WriteAsync(transaction => MakeDue(transaction, made.Count))).KeyId);
            }

            return made;
        }

        /// <summary>Takes the lease, does some and is heard of no more.</summary>
        public async Task DieAfterAsync(int items)
        {
            var lease = new WorkLease(clock);
            var deeds = new DueDeeds(versions, materials);
            var due = await store.WriteAsync(transaction =>
            {
                Assert.True(lease.Take(transaction, out var now));
                return transaction.FindDue(now, items, []);
            });
            foreach (var item in due)
            {
                _ = await store.WriteAsync(transaction =>
                {
                    Assert.True(lease.Take(transaction, out var now) && transaction.IsDue(item, now));
                    deeds.Do(item, transaction, now);
                    return true;
                });
                logs.CreateLogger<Host>().Log(LogLevel.Information, default, item, null, (done, _) => $"Scheduled {done.Kind} of {done.Id} is done");
            }
        }

        public async ValueTask DisposeAsync()
        {
            work.Dispose();
            await store.DisposeAsync();
            sealing.Dispose();
        }

        private KeyRecord MakeDue(IKeyTransaction transaction, int index)
        {
            var now = clock.GetUtcNow();
            var isImported = index >= Rotating + Deleted;
            var key = new KeyFactory(versions).Create(
                transaction,
                new NewKey(TestCore.Account, TestCore.Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, now)
                {
                    Origin = isImported ? Origins.External : Origins.Kms,
                    RotationInterval = index < Rotating ? Week : null,
                });
            if (isImported)
            {
                materials.Import(transaction, key, new byte[32], now + Week, now);
            }
            else if (index >= Rotating)
            {
                transaction.UpdateKey(key with { State = KeyState.PendingDeletion, DeleteAt = now + Week });
            }

            return key;
        }
    }
}
