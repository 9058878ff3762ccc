using FsCheck;
using FsCheck.Fluent;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Laws;

/// <summary>A law over generated cases; FsCheck draws the seeds and prints the one that breaks it.</summary>
internal static class Law
{
    private const int FullRun = 10;

    /// <summary>Tries <paramref name="count"/> cases, ten times as many in a full run.</summary>
    internal static void Holds(int count, Func<int, bool> law)
    {
        var seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
        var config = Config.QuickThrowOnFailure.WithMaxTest(RandomRun.Count(count, count * FullRun));
        if (RandomRun.GivenSeed is { } seed)
        {
            config = config.WithReplay(new Replay(new Rnd((ulong)seed, 1), null));
        }

        Check.One(config, Prop.ForAll(seeds, law));
    }
}
