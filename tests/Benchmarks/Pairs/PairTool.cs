using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using KmsGateway.Benchmarks.Load;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Keys;

namespace KmsGateway.Benchmarks.Pairs;

/// <summary>Signatures per second of one thread through the provider: the part of tests/bench-pairs.sh that openssl is not.</summary>
internal static class PairTool
{
    private static readonly byte[] Digest = SHA256.HashData("measured"u8);

    /// <summary><c>--spec NAME --algorithm NAME --seconds N</c>; prints the rate.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var algorithm = PairAlgorithm.All[LoadTools.Option(args, "algorithm")];
        var seconds = int.Parse(LoadTools.Option(args, "seconds"), CultureInfo.InvariantCulture);
        var identity = new MaterialIdentity(
            "key", "version", LoadTools.Option(args, "spec"), ProtectionLevels.Software, Origins.Kms, Sealing.FirstEpoch);
        using var sealing = new Sealing(KeyMaterial.Random(32));
        var provider = new SoftwareProvider(sealing);
        using var pair = (IKeyPair)provider.Load(identity, provider.GenerateSealed(identity));
        _ = Rate(pair, algorithm, 1);
        Console.WriteLine(Rate(pair, algorithm, seconds).ToString("F1", CultureInfo.InvariantCulture));
        return Task.FromResult(0);
    }

    private static double Rate(IKeyPair pair, PairAlgorithm algorithm, int seconds)
    {
        var (clock, count) = (Stopwatch.StartNew(), 0);
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            _ = pair.Sign(algorithm, Digest);
            count++;
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
