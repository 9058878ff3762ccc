using KmsGateway.Gateway.Ram.Caching;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class DependencyCacheTests
{
    [Fact]
    public void TryGet_AfterAdd_AnswersTheSameObject()
    {
        var cache = new DependencyCache<string, string>(10);
        cache.Add("a", "value", [1], cache.Stamp);
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal("value", value);
        Assert.False(cache.TryGet("b", out _));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Invalidate_OneDependency_DropsExactlyItsDependents(long changed, bool isLeft)
    {
        var cache = new DependencyCache<string, string>(10);
        cache.Add("a", "value", [1, 2, 2], cache.Stamp);
        cache.Add("b", "other", [4], cache.Stamp);
        cache.Invalidate([changed]);
        Assert.Equal(isLeft, cache.TryGet("a", out _));
        Assert.True(cache.TryGet("b", out _));
    }

    [Fact]
    public void Add_ReadBeforeAChange_IsNotKept()
    {
        var cache = new DependencyCache<string, string>(10);
        var stamp = cache.Stamp;
        cache.Invalidate([7]);
        cache.Add("a", "stale", [7], stamp);
        Assert.False(cache.TryGet("a", out _));
        cache.Add("a", "fresh", [7], cache.Stamp);
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal("fresh", value);
    }

    [Fact]
    public void Add_PastTheCapacity_KeepsWhatIsUsed()
    {
        var cache = new DependencyCache<int, string>(100);
        cache.Add(-1, "hot", [1], cache.Stamp);
        for (var number = 0; number < 10_000; number++)
        {
            Assert.True(cache.TryGet(-1, out _));
            cache.Add(number, "cold", [1], cache.Stamp);
            Assert.InRange(cache.Count, 1, 100);
        }

        cache.Invalidate([1]);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Add_WhenEverythingWasUsed_PassesOverABoundedNumber()
    {
        const int chances = 64;
        var cache = new DependencyCache<int, string>(1_000);
        for (var number = 0; number < 1_000; number++)
        {
            cache.Add(number, "hot", [1], cache.Stamp);
            Assert.True(cache.TryGet(number, out _));
        }

        cache.Add(-1, "new", [1], cache.Stamp);

        Assert.False(cache.TryGet(chances, out _));
        Assert.True(cache.TryGet(0, out _) && cache.TryGet(chances + 1, out _) && cache.TryGet(-1, out _));
        Assert.Equal(1_000, cache.Count);
    }

    [Fact]
    public void Add_AfterEvictionAndInvalidation_StartsClean()
    {
        var cache = new DependencyCache<int, string>(2);
        for (var round = 0; round < 1000; round++)
        {
            cache.Add(round, "value", [round % 3], cache.Stamp);
            cache.Invalidate([(round + 1) % 3]);
        }

        Assert.InRange(cache.Count, 0, 2);
        cache.Invalidate([0, 1, 2]);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task AddAndInvalidate_ByManyAtOnce_NeverLeavesAStaleValue()
    {
        // The store is one number; a reader caches what it read; the writer acknowledges after it invalidated.
        var cache = new DependencyCache<int, object>(4);
        long stored = 0;
        long acknowledged = 0;
        using var stop = new CancellationTokenSource();
        using var started = new CountdownEvent(4);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(Read, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        started.Wait();
        for (var number = 1; number <= 100_000; number++)
        {
            Interlocked.Exchange(ref stored, number);
            cache.Invalidate([5]);
            Interlocked.Exchange(ref acknowledged, number);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));

        long Read()
        {
            var reads = 0L;
            started.Signal();
            while (!stop.IsCancellationRequested)
            {
                var atLeast = Interlocked.Read(ref acknowledged);
                if (!cache.TryGet(1, out var value))
                {
                    var stamp = cache.Stamp;
                    value = Interlocked.Read(ref stored);
                    cache.Add(1, value, [5], stamp);
                }

                if ((long)value < atLeast)
                {
                    throw new InvalidOperationException($"read {value} after {atLeast} was acknowledged");
                }

                reads++;
            }

            return reads;
        }
    }
}
