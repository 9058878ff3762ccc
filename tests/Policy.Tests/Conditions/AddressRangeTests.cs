using System.Net;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Tests.Conditions;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("1.2.3.4")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:DB8:0:0:8:800:200C:417A")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("::2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:1.2.3.4")]
    [InlineData("64:ff9b::192.0.2.33")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Address_OfStrictNotation_HasTheValueTheFrameworkGives(string text)
    {
        Assert.True(AddressText.TryParse(text, out var address));
        var bytes = IPAddress.Parse(text).GetAddressBytes();
        var value = bytes.Aggregate((UInt128)0, (sum, b) => (sum << 8) | b);
        Assert.Equal((value, bytes.Length == 4), (address.Value, address.IsV4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.-1")]
    [InlineData("1.2.3.4 ")]
    [InlineData("0x1.2.3.4")]
    [InlineData("16909060")]
    [InlineData("\u0661.2.3.4")]
    [InlineData("1.2.3.4:80")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("00001::")]
    [InlineData("g::")]
    [InlineData("::1.2.3.4.5")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::01.2.3.4")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("+1::")]
    [InlineData(" ::1")]
    public void Address_OfAnotherNotation_IsRefused(string text)
    {
        Assert.False(AddressText.TryParse(text, out _));
        Assert.False(AddressRange.TryParse(text, out _));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/8", "10.0.0.0", true)]
    [InlineData("10.0.0.0/0", "255.1.1.1", true)]
    [InlineData("10.0.0.0/31", "10.0.0.1", true)]
    [InlineData("10.0.0.0/31", "10.0.0.2", false)]
    [InlineData("10.0.0.7/32", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "::ffff:10.0.0.7", true)]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.255.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.0.0.1", false)]
    [InlineData("::ffff:0.0.0.0/96", "1.2.3.4", true)]
    [InlineData("::ffff:0.0.0.0/95", "1.2.3.4", false)]
    [InlineData("::ffff:0.0.0.0/95", "::fffe:1.2.3.4", true)]
    [InlineData("::ffff:0.0.0.0/95", "::1", false)]
    [InlineData("::ffff:0.0.0.0/80", "::1", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "ffff::", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::", false)]
    [InlineData("2001:db8::1/128", "2001:DB8:0::1", true)]
    public void Range_OfAddress_HoldsIt(string range, string address, bool isInside)
    {
        Assert.True(AddressRange.TryParse(range, out var parsed));
        Assert.True(AddressText.TryParse(address, out var value));
        Assert.Equal(isInside, parsed.Contains(value));
    }

    [Theory]
    [InlineData("10.0.200.255", "10.0.200.255")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("2001:DB8::ff:1", "2001:db8:0:0:0:0:ff:1")]
    public void Address_Printed_ReadsBack(string text, string printed)
    {
        Assert.True(AddressText.TryParse(text, out var address));
        Assert.Equal(printed, address.ToString());
        Assert.True(AddressText.TryParse(printed, out var again));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("::ffff:1.2.3.4/129")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8 ")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("/8")]
    public void Range_OfAnotherNotation_IsRefused(string text) => Assert.False(AddressRange.TryParse(text, out _));
}
