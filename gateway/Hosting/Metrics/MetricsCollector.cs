using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace KmsGateway.Gateway.Hosting.Metrics;

/// <summary>
/// Listens to the meters named <c>KmsGateway.*</c> and to a few instruments of the runtime and the server. Meters of another
/// host in the same process (a meter factory marks its meters) are left alone.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    private const string OwnMeters = "KmsGateway.";

    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "dotnet.process.cpu.time",
        "dotnet.process.memory.working_set",
        "dotnet.gc.collections",
        "dotnet.gc.heap.total_allocated",
        "dotnet.gc.pause.time",
        "dotnet.gc.last_collection.memory.committed_size",
        "dotnet.monitor.lock_contentions",
        "dotnet.exceptions",
        "kestrel.active_connections",
        "kestrel.rejected_connections",
        "kestrel.active_tls_handshakes",
        "http.server.active_requests",
    };

    // Why: the runtime publishes these two as counters although they go down as well.
    private static readonly HashSet<string> ForeignGauges = new(StringComparer.Ordinal)
    {
        "dotnet.thread_pool.thread.count",
        "dotnet.thread_pool.queue.length",
    };

    private readonly MeterListener listener = new();
    private readonly Lock scrape = new();
    private readonly IMeterFactory factory;
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> instruments = new();

    public MetricsCollector(IMeterFactory factory)
    {
        this.factory = factory;
        listener.InstrumentPublished = Publish;
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        listener.Start();
    }

    /// <summary>Everything as it is now, in the text format 0.0.4.</summary>
    public string Render()
    {
        lock (scrape)
        {
            foreach (var observed in instruments.Values.Where(instrument => instrument.IsObserved))
            {
                observed.Clear();
            }

            listener.RecordObservableInstruments();
            return PrometheusWriter.Write(instruments.Values);
        }
    }

    /// <inheritdoc />
    public void Dispose() => listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((InstrumentSeries)state!).Record(value, tags);

    private void Publish(Instrument instrument, MeterListener to)
    {
        var isGauge = ForeignGauges.Contains(instrument.Name);
        var isWanted = isGauge || instrument.Meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal) || Foreign.Contains(instrument.Name);
        var isOurs = instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, factory);
        if (isWanted && isOurs)
        {
            to.EnableMeasurementEvents(instrument, instruments.GetOrAdd(instrument, added => new InstrumentSeries(added, isGauge)));
        }
    }
}
