using KmsGateway.Gateway.Authentication;
using KmsGateway.Tests;
using Microsoft.Extensions.Options;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

public sealed class NonceWindowTests
{
    private readonly TestClock clock = new(SignedRequests.Start);

    [Fact]
    public void Options_HaveTheirDefaults()
    {
        var options = new ReplayOptions();
        Assert.Equal((4194304, 50, null), (options.MaxEntries, options.MaxPercentPerKey, options.RefuseStampsBefore));
    }

    [Fact]
    public void OneKey_TakesItsShare_AndLeavesTheRestToOthers()
    {
        var window = NewWindow(1024, percentPerKey: 25);
        Assert.Equal(256, Enumerable.Range(0, 1024).Count(number => Record(window, "greedy", number) == NonceResult.Recorded));
        Assert.Equal(NonceResult.Recorded, Record(window, "modest", 0));
        clock.Advance(TimeSpan.FromSeconds(1100));
        Assert.Equal(NonceResult.Recorded, Record(window, "greedy", 2000));
    }

    [Fact]
    public void ManyNonces_AreRememberedToTheirLastSecond_AndThenForgotten()
    {
        var window = NewWindow(1 << 20, percentPerKey: 100);
        var first = SignedRequests.Start.ToUnixTimeSeconds();
        for (var i = 0; i < 50_000; i++)
        {
            Assert.Equal(NonceResult.Recorded, window.TryRecord("k", $"n{i}", [], first + (i % 900)));
        }

        for (var i = 0; i < 50_000; i += 7)
        {
            Assert.Equal(NonceResult.Used, window.TryRecord("k", $"n{i}", [], first));
        }

        Assert.Equal(50_000, window.Count);
        clock.Advance(TimeSpan.FromSeconds(1799));
        Assert.Equal(NonceResult.Used, window.TryRecord("k", "n899", [], first + 1799));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, window.Count);
        Assert.Equal(NonceResult.Recorded, window.TryRecord("k", "n899", [], first + 1800));
    }

    [Fact]
    public void ANonceThatLooksLikeASignature_IsNotTakenForOne()
    {
        var window = NewWindow(1024, percentPerKey: 100);
        var now = SignedRequests.Start.ToUnixTimeSeconds();
        Assert.Equal(NonceResult.Recorded, window.TryRecord("k", null, "abc"u8, now));
        Assert.Equal(NonceResult.Recorded, window.TryRecord("k", "abc", "abc"u8, now));
        Assert.Equal(NonceResult.Recorded, window.TryRecord("ka", "bc", "abc"u8, now));
        Assert.Equal(NonceResult.Used, window.TryRecord("k", null, "abc"u8, now));
    }

    private NonceResult Record(NonceWindow window, string key, int number) =>
        window.TryRecord(key, $"n{number}", [], clock.GetUtcNow().ToUnixTimeSeconds());

    private NonceWindow NewWindow(int maxEntries, int percentPerKey) => new(
        Options.Create(new ReplayOptions { MaxEntries = maxEntries, MaxPercentPerKey = percentPerKey, RefuseStampsBefore = DateTimeOffset.UnixEpoch }),
        clock);
}
