using System.Net;
using KmsGateway.Gateway.Hosting.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>threats.md row 6: forwarded identity (GHSA-x677-9fxg-v5c5, CVE-2024-47070).</summary>
public sealed class ForwardedAddressTests
{
    private static readonly ForwardedAddress Forwarded = new(new TrustedProxies(["10.0.0.0/8", "192.168.7.7", "fd00::/8"]));

    [Theory]
    [InlineData("203.0.113.5", true, "1.2.3.4", "http", "203.0.113.5", true)]
    [InlineData("203.0.113.5", false, "1.2.3.4", "https", "203.0.113.5", false)]
    [InlineData("203.0.113.5", false, "garbage", "garbage", "203.0.113.5", false)]
    [InlineData("192.168.7.8", false, "1.2.3.4", "https", "192.168.7.8", false)]
    public void Peer_NotTrusted_HeadersAreIgnored(string peer, bool isTls, string hops, string protocols, string source, bool isSecure) =>
        Check(peer, isTls, hops, protocols, source, isSecure);

    [Theory]
    [InlineData("10.0.0.1", true, null, null, "10.0.0.1", true)]
    [InlineData("10.0.0.1", false, "198.51.100.9", "https", "198.51.100.9", true)]
    [InlineData("10.0.0.1", true, "198.51.100.9", "http", "198.51.100.9", false)]
    [InlineData("10.0.0.1", true, "198.51.100.9", null, "198.51.100.9", false)]
    [InlineData("10.0.0.1", false, null, "https", "10.0.0.1", true)]
    [InlineData("192.168.7.7", false, "1.1.1.1, 198.51.100.9", "https", "198.51.100.9", true)]
    [InlineData("10.0.0.1", false, "garbage, 198.51.100.9, 10.0.0.2", "https", "198.51.100.9", true)]
    [InlineData("10.0.0.1", false, "10.0.0.3,10.0.0.2", "http", "10.0.0.3", false)]
    [InlineData("10.0.0.1", false, "2001:db8::1", "HTTPS", "2001:db8::1", true)]
    [InlineData("fd00::1", false, "::ffff:198.51.100.9", "https", "198.51.100.9", true)]
    [InlineData("::ffff:10.0.0.1", false, "198.51.100.9", "https", "198.51.100.9", true)]
    [InlineData("10.0.0.1", false, "198.51.100.9,10.0.0.2", "https,http", "198.51.100.9", true)]
    [InlineData("10.0.0.1", false, "1.1.1.1,198.51.100.9", "https,http", "198.51.100.9", false)]
    public void Peer_Trusted_NamesTheRightMostUntrustedHop(string peer, bool isTls, string? hops, string? protocols, string source, bool isSecure) =>
        Check(peer, isTls, hops, protocols, source, isSecure);

    [Theory]
    [InlineData("garbage", "https")]
    [InlineData("", "https,http")]
    [InlineData("198.51.100.9:443", "https")]
    [InlineData("[2001:db8::1]", "https")]
    [InlineData("fe80::1%eth0", "https")]
    [InlineData("198.51.100", "https")]
    [InlineData("0306.51.100.9", "https")]
    [InlineData("0xc6336409", "https")]
    [InlineData("3325256713", "https")]
    [InlineData("198.51.100.9,", "https")]
    [InlineData("198.51.100.9,,10.0.0.2", "https")]
    [InlineData("unknown", "https")]
    [InlineData("198.51.100.9", "ftp")]
    [InlineData("198.51.100.9", "https,https")]
    [InlineData("198.51.100.9,10.0.0.2,10.0.0.3", "https,http")]
    public void Peer_TrustedButNotUnderstood_GivesNoAnswer(string hops, string protocols) =>
        Assert.False(Forwarded.TryResolve(IPAddress.Parse("10.0.0.1"), isTls: true, hops, protocols, out _));

    [Fact]
    public void Hops_OnSeveralLines_AreOneList()
    {
        Assert.True(Forwarded.TryResolve(
            IPAddress.Parse("10.0.0.1"), isTls: false, new StringValues(["1.1.1.1, 198.51.100.9", "10.0.0.2"]), "https", out var client));

        Assert.Equal(new ClientAddress(IPAddress.Parse("198.51.100.9"), IsSecure: true), client);
    }

    [Fact]
    public void Proxies_NoneConfigured_TrustNobody()
    {
        var forwarded = new ForwardedAddress(new TrustedProxies([]));

        Assert.True(forwarded.TryResolve(IPAddress.Loopback, isTls: false, "198.51.100.9", "https", out var client));
        Assert.Equal(new ClientAddress(IPAddress.Loopback, IsSecure: false), client);
    }

    [Theory]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("fd00::/8", null)]
    [InlineData("::1", null)]
    [InlineData("10.0.0.1/8", "must hold IP addresses")]
    [InlineData("10.0.0.0/33", "must hold IP addresses")]
    [InlineData("10.0/8", "must hold IP addresses")]
    [InlineData("::ffff:10.0.0.0/104", "must hold IP addresses")]
    [InlineData("10.0.0.0/", "must hold IP addresses")]
    [InlineData("proxy.test", "must hold IP addresses")]
    [InlineData("0.0.0.0/0", "must not trust every address")]
    [InlineData("::/0", "must not trust every address")]
    public void Proxies_Entry_IsAnAddressOrANetwork(string text, string? fault)
    {
        var found = TrustedProxies.ParseFault(text);

        Assert.Equal(fault is null, found is null);
        Assert.Contains(fault ?? "", found ?? "", StringComparison.Ordinal);
    }

    private static void Check(string peer, bool isTls, string? hops, string? protocols, string source, bool isSecure)
    {
        Assert.True(Forwarded.TryResolve(IPAddress.Parse(peer), isTls, hops, protocols, out var client));
        Assert.Equal(new ClientAddress(IPAddress.Parse(source), isSecure), client);
    }
}
