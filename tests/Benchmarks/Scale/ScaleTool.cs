using System.Diagnostics;
using System.Globalization;
using KmsGateway.Benchmarks.Load;

namespace KmsGateway.Benchmarks.Scale;

/// <summary>
/// <c>scale --out DIR [--users N --policies N --keys N]</c>: the cost of authenticate and authorize in a store of that size against one
/// of 100 users, in interleaved rounds. <c>hot</c>: 100 users at work in both. <c>cold</c>: every request of the big store is of another
/// of its access keys, so that caches do not help. Source: issue 4.
/// </summary>
internal static class ScaleTool
{
    private const int Requests = 20_000;
    private const int Rounds = 7;
    private const int ActiveUsers = 100;

    private static readonly ScaleSize Small = new(ActiveUsers, 10, 1000);

    public static async Task<int> RunAsync(string[] args)
    {
        var directory = LoadTools.Option(args, "out");
        var big = new ScaleSize(Number(args, "users", 100_000), Number(args, "policies", 10_000), Number(args, "keys", 1_000_000));
        await using var small = await ScaleStore.OpenAsync(Path.Combine(directory, "small"), Small);
        var filling = Stopwatch.GetTimestamp();
        await using var large = await ScaleStore.OpenAsync(Path.Combine(directory, "large"), big);
        Print($"filled {big.Users} users, {big.Policies} policies, {big.Keys} access keys in {Stopwatch.GetElapsedTime(filling).TotalSeconds:F1} s");
        var random = new Random(1);
        int[] few = [.. Enumerable.Range(0, ActiveUsers)];
        int[] scattered = [.. Enumerable.Range(0, ActiveUsers).Select(_ => random.Next(big.Keys))];
        int[] all = [.. Enumerable.Range(0, Requests).Select(_ => random.Next(big.Keys))];
        List<double> base100 = [], hot = [], cold = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var (one, two, three) = (
                await new ScaleMeasurement(small).RunAsync(ScaleMeasurement.Sign(few, Requests)),
                await new ScaleMeasurement(large).RunAsync(ScaleMeasurement.Sign(scattered, Requests)),
                await new ScaleMeasurement(large).RunAsync(ScaleMeasurement.Sign(all, Requests)));
            if (round > 0)
            {
                base100.Add(one);
                hot.Add(two);
                cold.Add(three);
                Print($"round {round}: 100 users {one:F1} us, big store hot {two:F1} us, cold {three:F1} us");
            }
        }

        Print($"100 users {Median(base100):F1} us; big store, 100 at work {Median(hot):F1} us, ratio {Median(hot) / Median(base100):F2}; all at work {Median(cold):F1} us, ratio {Median(cold) / Median(base100):F2}");
        return 0;
    }

    private static int Number(string[] args, string name, int byDefault) =>
        Array.IndexOf(args, $"--{name}") >= 0 ? int.Parse(LoadTools.Option(args, name), CultureInfo.InvariantCulture) : byDefault;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
