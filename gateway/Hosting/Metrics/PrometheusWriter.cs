using System.Globalization;
using System.Text;

namespace KmsGateway.Gateway.Hosting.Metrics;

/// <summary>The Prometheus text format, version 0.0.4. Source: prometheus.io, "Exposition formats".</summary>
internal static class PrometheusWriter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Instruments by name; two of one name share one HELP and TYPE.</summary>
    public static string Write(IEnumerable<InstrumentSeries> instruments)
    {
        var text = new StringBuilder();
        foreach (var metric in instruments.GroupBy(instrument => instrument.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var first = metric.First();
            text.Append(null, $"# HELP {first.Name} {EscapeHelp(first.Description)}\n# TYPE {first.Name} {TypeOf(first.Kind)}\n");
            foreach (var instrument in metric.Where(instrument => instrument.Kind == first.Kind))
            {
                WriteSeries(text, instrument);
            }
        }

        return text.ToString();
    }

    private static void WriteSeries(StringBuilder text, InstrumentSeries instrument)
    {
        foreach (var (labels, series) in instrument.All)
        {
            if (instrument.Kind == SeriesKind.Histogram)
            {
                WriteHistogram(text, instrument, labels, series);
            }
            else
            {
                WriteSample(text, instrument.Name, labels, Number(series.Read().Sum));
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, InstrumentSeries instrument, string labels, Series series)
    {
        var (sum, counts) = series.Read();
        var separator = labels.Length == 0 ? "" : ",";
        var below = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            var bound = i < instrument.Bounds.Length ? Number(instrument.Bounds[i]) : "+Inf";
            WriteSample(text, instrument.Name + "_bucket", $"{labels}{separator}le=\"{bound}\"", Number(below));
        }

        WriteSample(text, instrument.Name + "_sum", labels, Number(sum));
        WriteSample(text, instrument.Name + "_count", labels, Number(below));
    }

    private static void WriteSample(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static string TypeOf(SeriesKind kind) => kind switch
    {
        SeriesKind.Counter => "counter",
        SeriesKind.Gauge => "gauge",
        SeriesKind.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "an instrument has a kind"),
    };

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string EscapeHelp(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
