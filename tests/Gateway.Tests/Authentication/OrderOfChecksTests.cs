using KmsGateway.Gateway.Authentication;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>signing.md 6: a request with several faults is refused for the first.</summary>
public sealed class OrderOfChecksTests
{
    // In order; each request has this fault and every one below it.
    private static readonly (string Code, string Name, string Value)[] Faults =
    [
        ("MissingSignatureVersion", "SignatureVersion", ""),
        ("InvalidParameter.Format", "Format", "YAML"),
        ("InvalidSignatureMethod", "SignatureMethod", "HMAC-MD5"),
        ("InvalidTimeStamp.Format", "Timestamp", "yesterday"),
        ("InvalidTimeStamp.Expired", "Timestamp", "2020-01-01T00:00:00Z"),
        ("InvalidAccessKeyId.NotFound", "AccessKeyId", "nobody"),
        ("InvalidAccessKeyId.Inactive", "AccessKeyId", "off"),
        ("InvalidSecurityToken.MismatchWithAccessKey", "SecurityToken", "t"),
        ("SignatureDoesNotMatch", "Description", "added"),
    ];

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Faults.Length)];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Fault_IsReportedBeforeAllLaterOnes(int place)
    {
        var requests = new SignedRequests();
        requests.Keys.Add("off", "s", isActive: false);
        using var gateway = requests.NewGateway();
        var all = requests.Signed();
        foreach (var (_, name, value) in Faults.Skip(place).Reverse())
        {
            all[name] = value;
        }

        Assert.Equal(Faults[place].Code, (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Code);
    }

    [Theory]
    [InlineData("2026-03-01T08:30:00Z", true)]
    [InlineData("2026-03-01T08:30:00.123456789Z", true)]
    [InlineData("2026-03-01T08:30:00.1234567890Z", false)]
    [InlineData("2026-03-01T08:30:00.Z", false)]
    [InlineData("2026-03-01T08:30:00.1xZ", false)]
    [InlineData("2026-03-01T08:30:00z", false)]
    [InlineData("2026-03-01t08:30:00Z", false)]
    [InlineData("2026-03-01 08:30:00Z", false)]
    [InlineData("2026-03-01T08:30:00+08:00", false)]
    [InlineData("2026-02-29T08:30:00Z", false)]
    [InlineData("2024-02-29T08:30:00Z", true)]
    [InlineData("2026-13-01T08:30:00Z", false)]
    [InlineData("2026-03-01T24:00:00Z", false)]
    [InlineData("2026-03-01T08:60:00Z", false)]
    [InlineData("2026-03-01T08:30:60Z", false)]
    [InlineData("0000-03-01T08:30:00Z", false)]
    [InlineData("٢٠٢٦-03-01T08:30:00Z", false)]
    [InlineData("", false)]
    public void Timestamp_HasOneShape(string text, bool isRead) =>
        Assert.Equal(isRead, SignatureTimestamp.TryParse(text, out _, out _));
}
