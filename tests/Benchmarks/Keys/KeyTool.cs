using System.Globalization;
using System.Security.Cryptography;
using KmsGateway.Benchmarks.Load;

namespace KmsGateway.Benchmarks.Keys;

/// <summary>
/// <c>keys --out DIR [--versions N --keys N]</c>, in interleaved rounds of one run, processor time, medians.
/// Versions: Decrypt of a ciphertext of one given version of a key that has so many, against a key that has one (bound 1.05); and of
/// ciphertexts spread over all versions. Keys: DescribeKey and Encrypt in a store of so many keys against one of 1,000, for 1,000 keys at
/// work (bound 1.3) and for all of them. Source: issue 5.
/// </summary>
internal static class KeyTool
{
    private const int Rounds = 15;
    private const int Calls = 10_000;
    private const int FewKeys = 1000;

    public static async Task<int> RunAsync(string[] args)
    {
        var directory = LoadTools.Option(args, "out");
        await VersionsAsync(Path.Combine(directory, "versions"), LoadTools.Number(args, "versions", 10_000));
        await KeysAsync(directory, LoadTools.Number(args, "keys", 1_000_000));
        return 0;
    }

    private static async Task VersionsAsync(string directory, int count)
    {
        await using var bench = new KeyBench(directory);
        var one = await bench.VersionsAsync(1);
        var many = await bench.VersionsAsync(count);
        byte[][] given = [many[count / 2]];
        var costs = Interleave(
            () => Cost(one, bench.Decrypt), () => Cost(given, bench.Decrypt), () => Cost(many, bench.Decrypt));
        Print($"Decrypt, key of one version {costs[0]:F2} us; one given version of {count} {costs[1]:F2} us, ratio {costs[1] / costs[0]:F3}; spread over all {costs[2]:F2} us, ratio {costs[2] / costs[0]:F3}");
    }

    private static async Task KeysAsync(string directory, int count)
    {
        await using var small = new KeyBench(Path.Combine(directory, "few-keys"));
        await using var large = new KeyBench(Path.Combine(directory, "many-keys"));
        var few = await small.SeedAsync(FewKeys);
        var all = await large.SeedAsync(count);
        var some = Enumerable.Range(0, FewKeys).Select(_ => all[RandomNumberGenerator.GetInt32(count)]).ToArray();
        RandomNumberGenerator.Shuffle(all.AsSpan());
        Report("DescribeKey", count, Interleave(() => Cost(few, small.Describe), () => Cost(some, large.Describe), () => Cost(Drawn(all), large.Describe)));
        Report("Encrypt", count, Interleave(() => Cost(few, Encrypt(small)), () => Cost(some, Encrypt(large)), () => Cost(Drawn(all), Encrypt(large))));
    }

    private static Action<string> Encrypt(KeyBench bench) => keyId => _ = bench.Encrypt(keyId);

    private static string[] Drawn(string[] all) => [.. Enumerable.Range(0, Calls).Select(_ => all[RandomNumberGenerator.GetInt32(all.Length)])];

    private static void Report(string action, int count, double[] costs) => Print(
        $"{action}, of {FewKeys} keys {costs[0]:F2} us; of {count} keys with {FewKeys} at work {costs[1]:F2} us, ratio {costs[1] / costs[0]:F3}; all at work {costs[2]:F2} us, ratio {costs[2] / costs[0]:F3}");

    /// <summary>The median of each, after one round that does not count.</summary>
    private static double[] Interleave(params Func<double>[] measurements)
    {
        var costs = measurements.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var at = 0; at < measurements.Length; at++)
            {
                var cost = measurements[at]();
                if (round > 0)
                {
                    costs[at].Add(cost);
                }
            }
        }

        return [.. costs.Select(each => each.Order().ElementAt(each.Count / 2))];
    }

    private static double Cost<T>(T[] inputs, Action<T> call)
    {
        var started = Environment.CpuUsage.TotalTime;
        for (var number = 0; number < Calls; number++)
        {
            call(inputs[(int)((long)number * 7919 % inputs.Length)]);
        }

        return (Environment.CpuUsage.TotalTime - started).TotalMicroseconds / Calls;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
