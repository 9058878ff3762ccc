using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Health;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>Looks at the certificate every hour, so that it is renewed in a running server. A failure is logged and tried again.</summary>
internal sealed partial class CertificateRenewal(
    CurrentCertificate certificate, Readiness readiness, TimeProvider clock, ILogger<CertificateRenewal> logger) : BackgroundService
{
    private const string Condition = "certificate";
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Check();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Why: the server stops.
        }
    }

    private void Check()
    {
        try
        {
            if (certificate.Refresh())
            {
                Log.Renewed(logger, certificate.Value.NotAfter);
            }
        }
        catch (Exception exception) when (exception is StartupException or IOException or UnauthorizedAccessException)
        {
            Log.RenewalFailed(logger, certificate.Value.NotAfter, exception);
        }

        readiness.Set(Condition, certificate.Value.NotAfter > clock.GetUtcNow(), "the server certificate has expired");
    }

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Information, "The server certificate was replaced; the new one is good until {NotAfter}.")]
        public static partial void Renewed(ILogger logger, DateTimeOffset notAfter);

        [LoggerMessage(5102, LogLevel.Error, "The server certificate could not be looked after; the present one is good until {NotAfter}.")]
        public static partial void RenewalFailed(ILogger logger, DateTimeOffset notAfter, Exception exception);
    }
}
