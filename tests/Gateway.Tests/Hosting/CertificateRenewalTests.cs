using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Tls;
using KmsGateway.Tests;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class CertificateRenewalTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly TempDirectory directory = new();
    private readonly TickingClock clock = new(Start);
    private readonly Readiness readiness = new();
    private readonly CapturedLog log = new();
    private readonly DataDirectory data;

    public CertificateRenewalTests() => data = DataDirectory.Open(directory.File("data"), "test");

    public void Dispose()
    {
        data.Dispose();
        directory.Dispose();
        log.Dispose();
    }

    [Fact]
    public async Task Renewal_WhileRunning_SwapsTheCertificateInTime()
    {
        var certificate = new CurrentCertificate(new LocalCertificateAuthority(data, [], clock));
        certificate.Refresh();
        var first = certificate.Value;
        using var renewal = await StartAsync(certificate);

        clock.Advance(TimeSpan.FromDays(366));
        Assert.Same(first, certificate.Value);

        clock.Advance(TimeSpan.FromDays(1));
        Assert.NotEqual(first.Thumbprint, certificate.Value.Thumbprint);
        Assert.Contains(log.Lines, line => line.StartsWith("Information 5101 ", StringComparison.Ordinal));
        Assert.True(readiness.Conditions["certificate"].IsOk);
    }

    [Fact]
    public async Task Renewal_Failing_KeepsTheOldOneUntilItExpiresAndSaysSo()
    {
        var certificate = new CurrentCertificate(new LocalCertificateAuthority(data, [], clock));
        certificate.Refresh();
        var first = certificate.Value;
        File.Delete(data.FilePath("tls/ca.key"));
        using var renewal = await StartAsync(certificate);

        clock.Advance(TimeSpan.FromDays(390));
        Assert.Same(first, certificate.Value);
        Assert.Contains(log.Lines, line => line.StartsWith("Error 5102 ", StringComparison.Ordinal));
        Assert.True(readiness.Conditions["certificate"].IsOk);

        clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(new Condition(IsOk: false, "the server certificate has expired"), readiness.Conditions["certificate"]);
    }

    [Fact]
    public void Configured_FilesReplaced_AreReadAgain()
    {
        var (certificateFile, keyFile) = (data.FilePath("tls/server.pem"), data.FilePath("tls/server.key"));
        new LocalCertificateAuthority(data, [], clock).Load();
        var current = new CurrentCertificate(new ConfiguredCertificate(certificateFile, keyFile));

        Assert.True(current.Refresh());
        Assert.False(current.Refresh());
        new LocalCertificateAuthority(data, ["other.test"], clock).Load();
        Assert.True(current.Refresh());
    }

    [Theory]
    [InlineData("ca.pem", "server.key")]
    [InlineData("server.pem", "ca.key")]
    [InlineData("server.key", "server.key")]
    [InlineData("absent.pem", "server.key")]
    public void Configured_FilesThatDoNotFit_AreABadSetting(string certificateFile, string keyFile)
    {
        new LocalCertificateAuthority(data, [], clock).Load();
        var source = new ConfiguredCertificate(data.FilePath("tls/" + certificateFile), data.FilePath("tls/" + keyFile));

        var exception = Assert.Throws<StartupException>(() => source.Load());
        Assert.Equal(64, exception.ExitCode);
        Assert.StartsWith($"The certificate in {data.FilePath("tls/" + certificateFile)} with the key in ", exception.Message, StringComparison.Ordinal);
    }

    private async Task<CertificateRenewal> StartAsync(CurrentCertificate certificate)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var renewal = new CertificateRenewal(certificate, readiness, clock, loggers.CreateLogger<CertificateRenewal>());
        await renewal.StartAsync(CancellationToken.None);
        return renewal;
    }
}
