using System.Diagnostics.Metrics;
using KmsGateway.Gateway.Hosting.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class MetricsTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter meter;
    private readonly MetricsCollector collector;

    public MetricsTests()
    {
        var factory = services.GetRequiredService<IMeterFactory>();
        collector = new MetricsCollector(factory);
        meter = factory.Create("KmsGateway.Test");
    }

    public void Dispose()
    {
        collector.Dispose();
        services.Dispose();
    }

    [Fact]
    public void Counter_Added_IsATotal()
    {
        var requests = meter.CreateCounter<long>("kmsgateway.requests", "{request}", "Requests\nanswered \\ all.");
        requests.Add(2, Tag("action", "Encrypt"), Tag("code", 200));
        requests.Add(3, Tag("action", "Encrypt"), Tag("code", 200));
        requests.Add(1, Tag("action", "Decrypt"), Tag("code", 403));

        Assert.Equal(
            """
            # HELP kmsgateway_requests_total Requests\nanswered \\ all.
            # TYPE kmsgateway_requests_total counter
            kmsgateway_requests_total{action="Decrypt",code="403"} 1
            kmsgateway_requests_total{action="Encrypt",code="200"} 5

            """,
            Own());
    }

    [Fact]
    public void UpDownCounter_UpAndDown_IsAGauge()
    {
        var open = meter.CreateUpDownCounter<int>("kmsgateway.open", "{session}", "Open.");
        open.Add(3);
        open.Add(-2);

        Assert.Equal("# HELP kmsgateway_open Open.\n# TYPE kmsgateway_open gauge\nkmsgateway_open 1\n", Own());
    }

    [Fact]
    public void Gauge_Recorded_KeepsTheLastValue()
    {
        var level = meter.CreateGauge<double>("kmsgateway.level", "By", "Level.");
        level.Record(5);
        level.Record(2.5);

        Assert.Equal("# HELP kmsgateway_level_bytes Level.\n# TYPE kmsgateway_level_bytes gauge\nkmsgateway_level_bytes 2.5\n", Own());
    }

    [Fact]
    public void Histogram_Observed_CountsUpToAndIncludingItsBound()
    {
        var duration = meter.CreateHistogram(
            "kmsgateway.duration", "s", "Took.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5] });
        foreach (var value in new[] { 0.1, 0.1001, 0.5, 7 })
        {
            duration.Record(value, Tag("action", "Sign"));
        }

        Assert.Equal(
            """
            # HELP kmsgateway_duration_seconds Took.
            # TYPE kmsgateway_duration_seconds histogram
            kmsgateway_duration_seconds_bucket{action="Sign",le="0.1"} 1
            kmsgateway_duration_seconds_bucket{action="Sign",le="0.5"} 3
            kmsgateway_duration_seconds_bucket{action="Sign",le="+Inf"} 4
            kmsgateway_duration_seconds_sum{action="Sign"} 7.7001
            kmsgateway_duration_seconds_count{action="Sign"} 4

            """,
            Own());
    }

    [Theory]
    [InlineData("s", "0.0005")]
    [InlineData("By", "64")]
    [InlineData("{item}", "1")]
    public void Histogram_WithoutAdvice_HasTheBucketsOfItsUnit(string unit, string firstBound)
    {
        meter.CreateHistogram<long>("kmsgateway.size", unit, "Size.").Record(3);

        Assert.Contains($"_bucket{{le=\"{firstBound}\"}} ", Own(), StringComparison.Ordinal);
    }

    [Fact]
    public void ObservedGauge_LabelGone_IsNotShownAgain()
    {
        Measurement<int>[] values = [new(1, Tag("name", "a")), new(2, Tag("name", "b"))];
        meter.CreateObservableGauge("kmsgateway.seen", () => values, unit: null, "Seen.");
        Assert.Contains("kmsgateway_seen{name=\"b\"} 2\n", Own(), StringComparison.Ordinal);

        values = [new(4, Tag("name", "a"))];
        Assert.Equal("# HELP kmsgateway_seen Seen.\n# TYPE kmsgateway_seen gauge\nkmsgateway_seen{name=\"a\"} 4\n", Own());
    }

    [Fact]
    public void ObservedCounter_Asked_IsNotAddedUp()
    {
        meter.CreateObservableCounter("kmsgateway.watched", () => 7L, unit: null, "Watched.");
        Own();

        Assert.Contains("kmsgateway_watched_total 7\n", Own(), StringComparison.Ordinal);
    }

    [Fact]
    public void Label_OddCharacters_AreEscapedAndCutOff()
    {
        meter.CreateCounter<int>("kmsgateway.odd").Add(1, Tag("a.b", "x\"y\\z\n"), Tag("long", new string('l', 300)), Tag("none", null));

        Assert.Contains($"kmsgateway_odd_total{{a_b=\"x\\\"y\\\\z\\n\",long=\"{new string('l', 256)}\",none=\"\"}} 1\n", Own(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 500, 0)]
    [InlineData(1, 501, 1)]
    [InlineData(100, 501, 100)]
    public void Labels_PastTheBound_AreAddedUpAsOverflow(int beyond, int series, int overflow)
    {
        var counter = meter.CreateCounter<int>("kmsgateway.many");
        for (var i = 0; i < InstrumentSeries.MaxSeries + beyond; i++)
        {
            counter.Add(1, Tag("value", i));
        }

        var text = Own();
        Assert.Equal(series, text.Split('\n').Count(line => line.StartsWith("kmsgateway_many_total{", StringComparison.Ordinal)));
        Assert.Equal(overflow > 0, text.Contains($"kmsgateway_many_total{{overflow=\"true\"}} {overflow}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Meter_OfAnotherHostOrName_IsLeftAlone()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("KmsGateway.Test").CreateCounter<int>("kmsgateway.foreign").Add(1);
        services.GetRequiredService<IMeterFactory>().Create("Somebody.Else").CreateCounter<int>("kmsgateway.stranger").Add(1);

        Assert.Equal("", Own());
    }

    [Fact]
    public void Runtime_Always_IsThere()
    {
        var text = collector.Render();

        Assert.Contains("# TYPE dotnet_process_memory_working_set_bytes gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE dotnet_thread_pool_queue_length gauge\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.b-c", null, false, "a_b_c")]
    [InlineData("9lives", null, false, "_9lives")]
    [InlineData("time_seconds", "s", false, "time_seconds")]
    [InlineData("x", "ms", true, "x_milliseconds_total")]
    [InlineData("x_total", "{y}", true, "x_total")]
    public void Name_OfAnInstrument_IsSpelledForPrometheus(string instrument, string? unit, bool isCounter, string name) =>
        Assert.Equal(name, MetricName.Of(instrument, unit, isCounter));

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    private string Own() =>
        string.Concat(collector.Render().Split('\n').Where(line => line.Contains("kmsgateway_", StringComparison.Ordinal)).Select(line => line + "\n"));
}
