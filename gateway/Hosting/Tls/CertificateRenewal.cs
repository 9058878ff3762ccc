using KmsGateway.Gateway.Hosting.Health;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>Looks at the certificate every hour, so that it is renewed in a running server. A failure is logged and tried again.</summary>
internal sealed partial class CertificateRenewal(
    CurrentCertificate certificate, Readiness readiness, TimeProvider clock, ILogger<CertificateRenewal> logger) : IHostedService, IDisposable
{
    private const string Condition = "certificate";
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private ITimer? timer;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer = clock.CreateTimer(_ => Check(), state: null, Interval, Interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        timer?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose() => timer?.Dispose();

    private void Check()
    {
        try
        {
            if (certificate.Refresh())
            {
                Log.Renewed(logger, certificate.Value.NotAfter);
            }
        }
        catch (Exception exception)
        {
            // Why: whatever it was, the old certificate goes on serving, and the next look may succeed.
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
