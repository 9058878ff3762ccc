using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using KmsGateway.Benchmarks.Load;

namespace KmsGateway.Benchmarks.Scale;

/// <summary>
/// <c>scale --out DIR [--users N --policies N --keys N --requests N]</c>: the cost of authenticate and authorize in a store of that size against one
/// of 100 users, in interleaved rounds. <c>few</c>: 100 users at work in both. <c>first</c>: each request is of an access key of the big store that
/// was never used before, so that no cache helps. <c>all</c>: after every access key was used once, each is as likely. Source: issue 4.
/// </summary>
internal static class ScaleTool
{
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
        var requests = Number(args, "requests", 20_000);
        await MeasureAsync(small, large, requests);
        return 0;
    }

    private static async Task MeasureAsync(ScaleStore small, ScaleStore large, int requests)
    {
        int[] few = [.. Enumerable.Range(0, ActiveUsers)];
        int[] scattered = [.. Enumerable.Range(0, ActiveUsers).Select(_ => RandomNumberGenerator.GetInt32(large.Size.Keys))];
        var (one, many) = (new ScaleMeasurement(small), new ScaleMeasurement(large));
        await CostAsync(one, few, requests);
        var first = await FirstUseAsync(many, large.Size.Keys, requests);
        Print($"first use of {large.Size.Keys} access keys: median {Median(first):F1} us, last round {first[^1]:F1} us");
#pragma warning disable S1215 // the memory that stays is what is measured
        Print($"memory after it: {GC.GetTotalMemory(forceFullCollection: true) / 1_000_000} MB managed, {Environment.WorkingSet / 1_000_000} MB in all");
#pragma warning restore S1215
        List<double> base100 = [], hot = [], all = [];
        for (var round = 0; round <= Rounds; round++)
        {
            int[] even = [.. Enumerable.Range(0, requests).Select(_ => RandomNumberGenerator.GetInt32(large.Size.Keys))];
            var (a, b, c) = (await CostAsync(one, few, requests), await CostAsync(many, scattered, requests), await CostAsync(many, even, requests));
            if (round > 0)
            {
                base100.Add(a);
                hot.Add(b);
                all.Add(c);
                Print($"round {round}: 100 users {a:F1} us; big store, few at work {b:F1} us, all at work {c:F1} us");
            }
        }

        var unit = Median(base100);
        Print($"100 users {unit:F1} us; big store, few at work {Median(hot):F1} us, ratio {Median(hot) / unit:F2}; all at work {Median(all):F1} us, ratio {Median(all) / unit:F2}; first use ratio {Median(first) / unit:F2}");
    }

    /// <summary>Every access key once, in an order that has nothing to do with the store's.</summary>
    private static async Task<List<double>> FirstUseAsync(ScaleMeasurement store, int keys, int requests)
    {
        var order = Enumerable.Range(0, keys).ToArray();
        RandomNumberGenerator.Shuffle(order.AsSpan());
        var costs = new List<double>();
        foreach (var part in order.Chunk(requests))
        {
            costs.Add(await CostAsync(store, part, part.Length));
        }

        return costs;
    }

    private static Task<double> CostAsync(ScaleMeasurement store, int[] keys, int requests) => store.RunAsync(ScaleMeasurement.Sign(keys, requests));

    private static int Number(string[] args, string name, int byDefault) =>
        Array.IndexOf(args, $"--{name}") >= 0 ? int.Parse(LoadTools.Option(args, name), CultureInfo.InvariantCulture) : byDefault;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
