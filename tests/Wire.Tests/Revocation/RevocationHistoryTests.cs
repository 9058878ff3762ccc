using Xunit;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>The judge itself: it must find a stale allow where there is one.</summary>
[Trait("Topology", "embedded")]
public sealed class RevocationHistoryTests
{
    [Theory]
    [InlineData(11, 19, true, 1)]
    [InlineData(31, 39, true, 1)]
    [InlineData(11, 19, false, 0)]
    [InlineData(9, 19, true, 0)]
    [InlineData(11, 21, true, 0)]
    [InlineData(21, 29, true, 0)]
    [InlineData(5, 8, true, 0)]
    public void StaleAllows_OfACall_AreThoseWhollyInsideAWindow(long started, long ended, bool isServed, int expected)
    {
        var history = new RevocationHistory();
        history.Add(new RevokedWindow(1, 30, 40));
        history.Add(new RevokedWindow(1, 10, 20));
        history.Add(new RevocationCall(1, started, ended, isServed));
        Assert.Equal(expected, history.StaleAllows().Count);
    }

    [Fact]
    public void StaleAllows_OfAKeyThatEnded_GoOnForEverAndLeaveItsSuccessorAlone()
    {
        var history = new RevocationHistory();
        history.Add(new RevokedWindow(1, 10, long.MaxValue));
        history.Add(new RevocationCall(1, 1000, 2000, IsServed: true));
        history.Add(new RevocationCall(2, 1000, 2000, IsServed: true));
        Assert.Equal(1, Assert.Single(history.StaleAllows()).Credential);
    }
}
