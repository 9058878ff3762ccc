namespace KmsGateway.Gateway.Hosting.Metrics;

/// <summary>How measurements of one instrument add up.</summary>
internal enum SeriesKind
{
    None = 0,

    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts into buckets.</summary>
    Histogram,
}

/// <summary>The value of one instrument under one set of labels.</summary>
internal sealed class Series(double[] bounds)
{
    private readonly Lock gate = new();
    private readonly long[] counts = new long[bounds.Length + 1];
    private double sum;

    /// <summary>Adds a step.</summary>
    public void Add(double step)
    {
        lock (gate)
        {
            sum += step;
        }
    }

    /// <summary>Replaces the value.</summary>
    public void Set(double value)
    {
        lock (gate)
        {
            sum = value;
        }
    }

    /// <summary>Counts a value into its bucket, whose upper bound is part of it.</summary>
    public void Observe(double value)
    {
        var index = Array.BinarySearch(bounds, value);
        lock (gate)
        {
            counts[index < 0 ? ~index : index]++;
            sum += value;
        }
    }

    /// <summary>Sum (or value) and the counts per bucket, not cumulated, of one moment.</summary>
    public (double Sum, long[] Counts) Read()
    {
        lock (gate)
        {
            return (sum, [.. counts]);
        }
    }
}
