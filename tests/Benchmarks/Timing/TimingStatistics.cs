namespace KmsGateway.Benchmarks.Timing;

/// <summary>Welch's t of two samples of durations whose slowest part, above a percentile of both together, is cut off (as dudect does).</summary>
internal static class TimingStatistics
{
    private const double Kept = 0.9;

    /// <summary>t, and the difference of the two trimmed means (second minus first) in the unit of the samples.</summary>
    public static (double T, double Difference) Compare(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var cut = first.Concat(second).Order().ElementAt((int)((first.Count + second.Count) * Kept));
        var (one, two) = (Moments(first.Where(value => value <= cut)), Moments(second.Where(value => value <= cut)));
        var difference = two.Mean - one.Mean;
        return (difference / Math.Sqrt((one.Variance / one.Count) + (two.Variance / two.Count)), difference);
    }

    private static (double Mean, double Variance, int Count) Moments(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var mean = all.Average();
        return (mean, all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1), all.Length);
    }
}
