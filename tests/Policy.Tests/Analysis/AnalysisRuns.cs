using System.Globalization;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>How many cases a test makes: more under KMSGATEWAY_FULL=1; KMSGATEWAY_SEED repeats from one.</summary>
internal static class AnalysisRuns
{
    internal static bool IsFull => Environment.GetEnvironmentVariable("KMSGATEWAY_FULL") == "1";

    internal static IEnumerable<int> Seeds(int count, int fullCount)
    {
        var first = Environment.GetEnvironmentVariable("KMSGATEWAY_SEED") is { Length: > 0 } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : 1;
        return Enumerable.Range(first, IsFull ? fullCount : count);
    }
}
