using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Benchmarks.Load;
using KmsGateway.Core.Contract;

namespace KmsGateway.Benchmarks.Timing;

/// <summary>
/// <c>decrypt-timing [--samples N] [--seed early-return]</c>: are the ciphertexts that Decrypt refuses told apart by its time? Unknown,
/// foreign and mangled ones, and wrong contexts, are sent to an embedded core in random order; each kind is compared with a second series
/// of mangled ones. Exit code 1: told apart. Source: issue 5, item 7; decisions.md D6.
/// </summary>
/// <remarks>
/// Told apart is a t beyond <see cref="Certain"/> (once in 10^6 comparisons by chance, were the samples independent) together with a difference
/// of at least <see cref="Share"/> of one opening, in each of <see cref="Rounds"/> rounds: what an early return would save is a whole one. The
/// seeded return gives every other kind one more opening, which is the same as leaving one out.
/// </remarks>
internal static class DecryptTiming
{
    private const double Certain = 5;
    private const double Share = 0.5;
    private const int Rounds = 3;
    private const int Blobs = 64;
    private const int Warming = 20_000;

    private static readonly string Path = $"{InternalRoutes.Actions}/Decrypt";

    public static async Task<int> RunAsync(string[] args)
    {
        var samples = Array.IndexOf(args, "--samples") < 0 ? 40_000 : int.Parse(LoadTools.Option(args, "samples"), CultureInfo.InvariantCulture);
        var isSeeded = args.Contains("early-return");
        await using var core = await TimingCore.StartAsync();
        var kinds = await KindsAsync(core);
        using var spare = new SpareOpening();
        var opening = spare.Cost();
        _ = await SampleAsync(core, kinds, Warming / kinds.Length, spare, isSeeded);
        Print($"one opening takes {opening:F2} us; {samples} samples of each kind, {Rounds} rounds{(isSeeded ? ", an early return is seeded" : string.Empty)}");
        var apart = kinds.Skip(1).ToDictionary(kind => kind.Name, _ => 0);
        for (var round = 1; round <= Rounds; round++)
        {
            var times = await SampleAsync(core, kinds, samples / Rounds, spare, isSeeded);
            for (var kind = 1; kind < kinds.Length; kind++)
            {
                var (t, difference) = TimingStatistics.Compare(times[0], times[kind]);
                apart[kinds[kind].Name] += Math.Abs(t) > Certain && Math.Abs(difference) > Share * opening ? 1 : 0;
                Print($"round {round}: {kinds[kind].Name,-22} {difference,7:F3} us, t = {t,6:F1} (median {times[kind].Order().ElementAt(times[kind].Count / 2):F1} us)");
            }
        }

        var told = apart.Where(each => each.Value == Rounds).Select(each => each.Key).ToArray();
        Print($"verdict: {(told.Length == 0 ? "refused ciphertexts are not told apart by time" : $"told apart by time: {string.Join(", ", told)}")}");
        return told.Length == 0 ? 0 : 1;
    }

    /// <summary>The first kind is what the others are compared with; the second one is the same, which shows the noise.</summary>
    private static async Task<Kind[]> KindsAsync(TimingCore core)
    {
        var (own, foreign) = (await core.CreateKeyAsync(TimingCore.Account), await core.CreateKeyAsync(TimingCore.OtherAccount));
        var (ownKey, foreignKey) = (await core.ResourceAsync(TimingCore.Account, own), await core.ResourceAsync(TimingCore.OtherAccount, foreign));
        var known = core.Ticket(TimingCore.Account, "Decrypt", ownKey);
        var unresolved = core.Ticket(TimingCore.Account, "Decrypt", new TicketResource(TimingCore.KeyArn(TimingCore.Account, "unresolved"), 0, 0));
        var mine = await Many(() => core.EncryptAsync(TimingCore.Account, own, ownKey, null));
        var theirs = await Many(() => core.EncryptAsync(TimingCore.OtherAccount, foreign, foreignKey, null));
        var inContext = await Many(() => core.EncryptAsync(TimingCore.Account, own, ownKey, new JsonObject { ["a"] = "1" }));
        string[] mangled = [.. mine.Select(Mangle)];
        return
        [
            new("mangled", known, Bodies(mangled)),
            new("mangled again", known, Bodies(mangled)),
            new("without its context", known, Bodies(inContext)),
            new("of another account", unresolved, Bodies(theirs)),
            new("of no version", unresolved, Bodies([.. mine.Select(Rename)])),
        ];
    }

    private static async Task<string[]> Many(Func<Task<string>> make)
    {
        var made = new string[Blobs];
        for (var index = 0; index < Blobs; index++)
        {
            made[index] = await make();
        }

        return made;
    }

    private static string[] Bodies(string[] blobs) => [.. blobs.Select(blob => new JsonObject { ["CiphertextBlob"] = blob }.ToJsonString())];

    private static string Mangle(string blob)
    {
        var bytes = Convert.FromBase64String(blob);
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    private static string Rename(string blob)
    {
        var bytes = Convert.FromBase64String(blob);
        System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("D")).CopyTo(bytes, 0);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Microseconds per kind, taken in random order.</summary>
    private static async Task<List<double>[]> SampleAsync(TimingCore core, Kind[] kinds, int count, SpareOpening spare, bool isSeeded)
    {
        int[] order = [.. Enumerable.Range(0, kinds.Length).SelectMany(kind => Enumerable.Repeat(kind, count))];
        RandomNumberGenerator.Shuffle<int>(order);
        List<double>[] times = [.. kinds.Select(_ => new List<double>(count))];
        foreach (var kind in order)
        {
            var (_, ticket, bodies) = kinds[kind];
            var body = bodies[times[kind].Count % bodies.Length];
            var began = Stopwatch.GetTimestamp();
            var answer = await core.SendAsync(Path, body, ticket);
            if (isSeeded && kind != kinds.Length - 1)
            {
                spare.Open();
            }

            times[kind].Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            if (!answer.Contains("InvalidParameter", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{kinds[kind].Name} was answered with {answer}");
            }
        }

        return times;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>One kind of ciphertext: the ticket and the bodies of its calls.</summary>
    private sealed record Kind(string Name, string Ticket, string[] Requests);
}
