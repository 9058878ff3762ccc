using System.Globalization;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Tests.Conditions;

/// <summary>The notations of ram-policy.md 5.2, at each edge and one past it.</summary>
public sealed class ConditionTextTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("007", "7")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    [InlineData("0.000000000000000000000000001", "0.000000000000000000000000001")]
    [InlineData("99999999999999999999999999999", null)]
    [InlineData("0.0000000000000000000000000001", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("+1", null)]
    [InlineData("--1", null)]
    [InlineData("1.", null)]
    [InlineData(".5", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1e3", null)]
    [InlineData("1,000", null)]
    [InlineData(" 1", null)]
    [InlineData("1 ", null)]
    [InlineData("1-", null)]
    [InlineData("(1)", null)]
    [InlineData("\u0661", null)]
    [InlineData("0x1", null)]
    public void Number_OfText_IsExactOrRefused(string text, string? value)
    {
        Assert.Equal(value is not null, NumberText.TryParse(text, out var number));
        Assert.Equal(value is null ? 0 : decimal.Parse(value, CultureInfo.InvariantCulture), number);
    }

    [Theory]
    [InlineData("2026-03-04T05:06:07Z", "2026-03-04T05:06:07.0000000Z")]
    [InlineData("2026-03-04T05:06Z", "2026-03-04T05:06:00.0000000Z")]
    [InlineData("2026-03-04T05:06:07.1Z", "2026-03-04T05:06:07.1000000Z")]
    [InlineData("2026-03-04T05:06:07.1234567Z", "2026-03-04T05:06:07.1234567Z")]
    [InlineData("2026-03-04T05:06:07+08:00", "2026-03-03T21:06:07.0000000Z")]
    [InlineData("2026-03-04T05:06:07-05:30", "2026-03-04T10:36:07.0000000Z")]
    [InlineData("2026-03-04T05:06:07+14:00", "2026-03-03T15:06:07.0000000Z")]
    [InlineData("2026-03-04T05:06:07+08:59", "2026-03-03T20:07:07.0000000Z")]
    [InlineData("2026-03-04T05:06:07+14:01", null)]
    [InlineData("2026-03-04T05:06:07+08:", null)]
    [InlineData("2026-03-04T05:06:07.1", null)]
    [InlineData("2026-03-04T05::06Z", null)]
    [InlineData("2026-03-04TZ", null)]
    [InlineData("2026-03-04T", null)]
    [InlineData("2026-03-04T05:06:07+13:60", null)]
    [InlineData("2026-03-04T05:06:07+15:00", null)]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000Z")]
    [InlineData("2026-02-29T00:00:00Z", null)]
    [InlineData("2026-04-31T00:00:00Z", null)]
    [InlineData("2026-00-01T00:00:00Z", null)]
    [InlineData("2026-01-00T00:00:00Z", null)]
    [InlineData("0000-01-01T00:00:00Z", null)]
    [InlineData("2026-03-04T23:59:59Z", "2026-03-04T23:59:59.0000000Z")]
    [InlineData("2026-03-04T24:00:00Z", null)]
    [InlineData("2026-03-04T05:60:00Z", null)]
    [InlineData("2026-03-04T05:06:60Z", null)]
    [InlineData("2026-03-04T05:06:07.Z", null)]
    [InlineData("2026-03-04T05:06:07.12345678Z", null)]
    [InlineData("2026-03-04T05:06.5Z", null)]
    [InlineData("2026-03-04t05:06:07Z", null)]
    [InlineData("2026-03-04T05:06:07z", null)]
    [InlineData("2026-03-04 05:06:07Z", null)]
    [InlineData("2026-03-04T05:06:07", null)]
    [InlineData("2026-03-04T05:06:07+0800", null)]
    [InlineData("2026-03-04T05:06:07Z ", null)]
    [InlineData("26-03-04T05:06:07Z", null)]
    [InlineData("2026-3-4T05:06:07Z", null)]
    [InlineData("\u0662026-03-04T05:06:07Z", null)]
    [InlineData("1893456000", null)]
    [InlineData("", null)]
    public void Date_OfText_IsAnInstantOrRefused(string text, string? utc)
    {
        Assert.Equal(utc is not null, DateText.TryParse(text, out var ticks));
        if (utc is not null)
        {
            Assert.Equal(utc, new DateTime(ticks, DateTimeKind.Utc).ToString("o", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Date_AtTheEndsOfTime_OrdersPastThem()
    {
        Assert.True(DateText.TryParse("0001-01-01T00:00Z", out var first) & DateText.TryParse("0001-01-01T00:00+14:00", out var before));
        Assert.True(DateText.TryParse("9999-12-31T23:59:59.9999999Z", out var last) & DateText.TryParse("9999-12-31T23:59:59.9999999-14:00", out var after));
        Assert.True(before < first && first < last && last < after);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("False", false)]
    [InlineData("1", null)]
    [InlineData("", null)]
    [InlineData("true ", null)]
    [InlineData("yes", null)]
    [InlineData("fal\u017Fe", null)]
    public void Boolean_OfText_IsTrueFalseOrRefused(string text, bool? value)
    {
        Assert.Equal(value is not null, BooleanText.TryParse(text, out var flag));
        Assert.Equal(value ?? false, flag);
    }
}
