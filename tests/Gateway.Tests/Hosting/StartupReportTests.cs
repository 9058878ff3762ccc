using KmsGateway.Gateway.Hosting;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class StartupReportTests
{
    [Theory]
    [InlineData(true, "  root secret: marker-secret\n")]
    [InlineData(false, "  root secret: in /data/root-access-key.json\n")]
    public void Secret_Added_IsShownToATerminalOnly(bool isTerminal, string expected)
    {
        var report = new StartupReport(isTerminal);
        report.AddSecret("root secret", "marker-secret", "/data/root-access-key.json");

        Assert.Equal(expected, report.ToString());
    }

    [Fact]
    public void Lines_Printed_AreAligned()
    {
        var report = new StartupReport(isTerminal: false);
        var more = new StartupReport(isTerminal: false);
        report.Add("a", "1");
        more.Add("long label", "2");
        report.Append(more);

        Assert.Equal("  a:          1\n  long label: 2\n", report.ToString());
    }
}
