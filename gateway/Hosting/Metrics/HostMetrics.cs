using System.Diagnostics;
using System.Diagnostics.Metrics;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Tls;

namespace KmsGateway.Gateway.Hosting.Metrics;

/// <summary>What the host itself has to say: readiness, the certificate's end, when the process began, which version runs.</summary>
internal sealed class HostMetrics
{
    private const string MeterName = "KmsGateway.Hosting";

    private readonly Meter meter;
    private readonly TimeProvider clock;

    public HostMetrics(IMeterFactory factory, Readiness readiness, TimeProvider clock)
    {
        this.clock = clock;
        meter = factory.Create(MeterName);
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
        meter.CreateObservableGauge("process.start_time", () => started, "s", "Start of the process, seconds since 1970.");
        meter.CreateObservableGauge("kmsgateway.ready", () => readiness.IsReady ? 1 : 0, unit: null, "Whether all conditions of readiness are met.");
        meter.CreateObservableGauge(
            "kmsgateway.condition",
            () => readiness.Conditions.Select(entry =>
                new Measurement<int>(entry.Value.IsOk ? 1 : 0, KeyValuePair.Create<string, object?>("name", entry.Key))),
            unit: null,
            "Whether one condition of readiness is met.");
        meter.CreateObservableGauge(
            "kmsgateway.build.info",
            () => new Measurement<int>(1, KeyValuePair.Create<string, object?>("version", ProgramVersion.Text)),
            unit: null,
            "The version, always 1.");
    }

    /// <summary>Adds how long the certificate is still good for, once there is one.</summary>
    public void Watch(CurrentCertificate certificate) =>
        meter.CreateObservableGauge(
            "kmsgateway.tls.certificate.remaining",
            () => (certificate.Value.NotAfter - clock.GetUtcNow()).TotalSeconds,
            "s",
            "Time until the server certificate expires.");
}
