using System.Net;
using KmsGateway.Gateway.Hosting.Http;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>Whom an address limit counts together, and when it begins anew.</summary>
public sealed class AddressLimitTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 30, 0, TimeSpan.Zero);

    private readonly AddressLimit limit = new(perMinute: 2);

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Count_Addresses_AreOneOrTwo(string first, string second, bool isOne)
    {
        Assert.True(Count(first, Start));
        Assert.True(Count(first, Start));
        Assert.False(Count(first, Start));
        Assert.Equal(!isOne, Count(second, Start));
    }

    [Fact]
    public void Count_CallOfTheMinuteBefore_DoesNotBeginAnew()
    {
        var late = Start.AddSeconds(-1);
        Assert.True(Count("10.0.0.1", Start));
        Assert.True(Count("10.0.0.1", late));
        Assert.False(Count("10.0.0.1", Start));
        Assert.False(Count("10.0.0.1", late));
        Assert.False(Count("10.0.0.1", Start.AddSeconds(59)));
        Assert.True(Count("10.0.0.1", Start.AddSeconds(60)));
    }

    private bool Count(string source, DateTimeOffset now) => limit.TryCount(IPAddress.Parse(source), now);
}
