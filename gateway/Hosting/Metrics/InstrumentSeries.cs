using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace KmsGateway.Gateway.Hosting.Metrics;

/// <summary>All series of one instrument. At most <see cref="MaxSeries"/> sets of labels; what comes later is added up under <c>overflow="true"</c>.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>Sets of labels per instrument.</summary>
    public const int MaxSeries = 500;

    private const int MaxLabelLength = 256;
    private const string Overflow = "overflow=\"true\"";

    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] Bytes = [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];
    private static readonly double[] Plain = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

    private readonly bool isWholeValue;
    private readonly ConcurrentDictionary<string, Series> series = new(StringComparer.Ordinal);

    public InstrumentSeries(Instrument instrument, bool isGauge = false)
    {
        Kind = isGauge ? SeriesKind.Gauge : KindOf(instrument);
        IsObserved = instrument.IsObservable;
        isWholeValue = IsObserved || instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);
        Name = MetricName.Of(instrument.Name, instrument.Unit, Kind == SeriesKind.Counter);
        Description = instrument.Description ?? instrument.Name;
        Bounds = Kind == SeriesKind.Histogram ? BoundsOf(instrument) : [];
    }

    public string Name { get; }

    public string Description { get; }

    public SeriesKind Kind { get; }

    /// <summary>Upper bounds of the buckets, ascending, without +Inf.</summary>
    public double[] Bounds { get; }

    /// <summary>Whether it is asked for its values, which are then whole values, not steps.</summary>
    public bool IsObserved { get; }

    /// <summary>Labels (<c>a="b",c="d"</c>, or empty) and values, by label.</summary>
    public IEnumerable<KeyValuePair<string, Series>> All => series.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>Takes one measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var target = Find(Labels(tags));
        if (Kind == SeriesKind.Histogram)
        {
            target.Observe(value);
        }
        else if (isWholeValue)
        {
            target.Set(value);
        }
        else
        {
            target.Add(value);
        }
    }

    /// <summary>Forgets what an observed instrument said before, so that what it no longer names is gone.</summary>
    public void Clear() => series.Clear();

    private Series Find(string labels)
    {
        if (series.TryGetValue(labels, out var known))
        {
            return known;
        }

        return series.GetOrAdd(series.Count < MaxSeries ? labels : Overflow, _ => new Series(Bounds));
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            labels.Append(labels.Length == 0 ? "" : ",").Append(MetricName.Legal(name)).Append("=\"");
            AppendEscaped(labels, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            labels.Append('"');
        }

        return labels.ToString();
    }

    private static void AppendEscaped(StringBuilder labels, string value)
    {
        foreach (var character in value.AsSpan(0, Math.Min(value.Length, MaxLabelLength)))
        {
            _ = character switch
            {
                '\\' => labels.Append(@"\\"),
                '"' => labels.Append("\\\""),
                '\n' => labels.Append(@"\n"),
                _ => labels.Append(character),
            };
        }
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } given } => [.. given],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } given } => [.. given.Select(bound => (double)bound)],
        { Unit: "s" } => Seconds,
        { Unit: "By" } => Bytes,
        _ => Plain,
    };

    private static SeriesKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type switch
        {
            _ when type.StartsWith("Histogram", StringComparison.Ordinal) => SeriesKind.Histogram,
            _ when type.StartsWith("Counter", StringComparison.Ordinal) => SeriesKind.Counter,
            _ when type.StartsWith("ObservableCounter", StringComparison.Ordinal) => SeriesKind.Counter,
            _ => SeriesKind.Gauge,
        };
    }
}
