using System.Diagnostics.Metrics;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Http;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Core.Tests.Keys;

/// <summary>Leases of messages at their ends and at the end of all (crypto-core.md section 4).</summary>
public sealed class MessageLimitTests : IAsyncDisposable
{
    private readonly TempDirectory directory = new();
    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly CoreMetrics metrics;
    private readonly DataDirectory data;
    private readonly Sealing sealing;
    private readonly SqliteKeyStore store;
    private readonly KeyVersions versions;
    private readonly MeterListener listener = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private int leasesPastHalf;

    public MessageLimitTests()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "kms.core.messages.leases_past_half")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        // Why by thread: other tests have meters of the same name, and a lease is metered by whoever takes it.
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => leasesPastHalf += Environment.CurrentManagedThreadId == thread ? (int)count : 0);
        listener.Start();
        metrics = new CoreMetrics();
        data = DataDirectory.Open(directory.File("data"), "a test");
        (sealing, store) = KeyHierarchy.Open(data, clock);
        versions = new KeyVersions(new CryptoProviders(new SoftwareProvider(sealing)));
    }

    [Fact]
    public void Take_AWholeLease_BooksOnceAndOneMoreBooksAgain()
    {
        var key = NewKey();
        var limit = NewLimit();
        for (var message = 0L; message < MessageLimit.LeaseSize; message++)
        {
            limit.Take(key.KeyId, key.PrimaryVersion!);
        }

        Assert.Equal(MessageLimit.LeaseSize, Booked(key));
        limit.Take(key.KeyId, key.PrimaryVersion!);
        Assert.Equal(2 * MessageLimit.LeaseSize, Booked(key));
    }

    [Fact]
    public void Take_AfterACrash_StartsWhereTheBookedOnesEnd()
    {
        var key = NewKey();
        NewLimit().Take(key.KeyId, key.PrimaryVersion!);

        // what was left of the lease dies with the process
        NewLimit().Take(key.KeyId, key.PrimaryVersion!);

        Assert.Equal(2 * MessageLimit.LeaseSize, Booked(key));
    }

    [Fact]
    public async Task Take_ByManyAtOnce_BooksNoMoreThanIsTaken()
    {
        const int threads = 16;
        const int each = 12_500;
        var key = NewKey();
        var limit = NewLimit();

        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (var message = 0; message < each; message++)
            {
                limit.Take(key.KeyId, key.PrimaryVersion!);
            }
        })));

        Assert.Equal(4 * MessageLimit.LeaseSize, Booked(key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Take_TheLastMessages_AreTakenAndOneMoreIsRefused(int left)
    {
        var key = NewKey();
        Book(key, MessageLimit.Most - left);
        var limit = NewLimit();
        for (var message = 0; message < left; message++)
        {
            limit.Take(key.KeyId, key.PrimaryVersion!);
        }

        foreach (var again in (MessageLimit[])[limit, limit, NewLimit()])
        {
            var refusal = Assert.Throws<KmsException>(() => again.Take(key.KeyId, key.PrimaryVersion!));
            Assert.Equal(KmsErrors.RejectedLimitExceeded, refusal.Error);
        }

        Assert.Equal(MessageLimit.Most, Booked(key));
        Assert.Equal(1, leasesPastHalf);
    }

    [Fact]
    public void Take_OfACounterBeyondTheLimit_IsRefused()
    {
        var key = NewKey();
        Book(key, MessageLimit.Most + (1 << 24));

        Assert.Equal(KmsErrors.RejectedLimitExceeded, Assert.Throws<KmsException>(() => NewLimit().Take(key.KeyId, key.PrimaryVersion!)).Error);
    }

    [Theory]
    [InlineData(-MessageLimit.LeaseSize, true, false)]
    [InlineData(-1, true, false)]
    [InlineData(0, true, true)]
    [InlineData(0, false, false)]
    public void Take_AtHalfOfTheLimit_MetersAndRotatesAKeyWithASchedule(long fromHalf, bool hasSchedule, bool isRotated)
    {
        var key = NewKey(hasSchedule ? TimeSpan.FromDays(30) : null);
        Book(key, MessageLimit.Half + fromHalf);

        NewLimit().Take(key.KeyId, key.PrimaryVersion!);

        Assert.Equal(fromHalf == 0 ? 1 : 0, leasesPastHalf);
        Assert.Equal(isRotated, store.FindKey(key.KeyId)!.PrimaryVersion != key.PrimaryVersion);
        Assert.Equal(isRotated ? 2 : 1, store.ListVersions(new VersionQuery(key.KeyId, 1, 10)).TotalCount);
    }

    [Fact]
    public void Take_OfAnOldVersionPastHalf_RotatesNoMore()
    {
        var key = NewKey(TimeSpan.FromDays(30));
        Book(key, MessageLimit.Half);
        NewLimit().Take(key.KeyId, key.PrimaryVersion!);

        NewLimit().Take(key.KeyId, key.PrimaryVersion!);

        Assert.Equal(2, store.ListVersions(new VersionQuery(key.KeyId, 1, 10)).TotalCount);
        Assert.Equal(2, leasesPastHalf);
    }

    [Fact]
    public void Take_OfOneVersionMoreThanThereIsRoomFor_CostsTheOneUsedLongestAgoItsLease()
    {
        const int most = 16;
        var keys = Enumerable.Range(0, most + 1).Select(_ => NewKey()).ToArray();
        var limit = new MessageLimit(store, versions, clock, metrics, NullLogger<MessageLimit>.Instance) { MostLeases = most };
        foreach (var key in (KeyRecord[])[.. keys[..most], keys[0], keys[most]])
        {
            limit.Take(key.KeyId, key.PrimaryVersion!);
        }

        // the second key is asked last: to have its lease back it takes that of another
        foreach (var key in (KeyRecord[])[keys[0], .. keys[2..], keys[1]])
        {
            limit.Take(key.KeyId, key.PrimaryVersion!);
            Assert.Equal((key == keys[1] ? 2 : 1) * MessageLimit.LeaseSize, Booked(key));
        }
    }

    [Fact]
    public void Take_OfAVersionThatIsGone_FindsNoKey() => Assert.Equal(
        KmsErrors.KeyNotFound, Assert.Throws<KmsException>(() => NewLimit().Take("no-key", "no-version")).Error);

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await store.DisposeAsync();
        sealing.Dispose();
        data.Dispose();
        metrics.Dispose();
        directory.Dispose();
    }

    private MessageLimit NewLimit() => new(store, versions, clock, metrics, NullLogger<MessageLimit>.Instance);

    private KeyRecord NewKey(TimeSpan? rotation = null) => Write(transaction => new KeyFactory(versions).Create(
        transaction,
        new NewKey(TestCore.Account, TestCore.Region, KeySpec.Sm4, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, clock.GetUtcNow())
        {
            RotationInterval = rotation,
        }));

    private long Booked(KeyRecord key) => Write(transaction => transaction.CountMessages(key.PrimaryVersion!)!.Value);

    private void Book(KeyRecord key, long messages) => Write(transaction =>
    {
        transaction.SetMessages(key.PrimaryVersion!, messages);
        return messages;
    });

    // Why waited for: a test that awaited would go on by another thread, and its measurements are told by the thread.
    private T Write<T>(Func<IKeyTransaction, T> work) => store.WriteAsync(work).GetAwaiter().GetResult();
}
