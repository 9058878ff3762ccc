using FsCheck;
using FsCheck.Fluent;

namespace KmsGateway.Policy.Tests.Laws;

/// <summary>A law over generated cases; FsCheck draws the seeds and prints the one that breaks it.</summary>
internal static class Law
{
    private const int FullRun = 25;

    /// <summary>Tries <paramref name="count"/> cases, 25 times as many under KMSGATEWAY_FULL=1.</summary>
    internal static void Holds(int count, Func<int, bool> law)
    {
        var seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
        var times = Environment.GetEnvironmentVariable("KMSGATEWAY_FULL") == "1" ? FullRun : 1;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count * times), Prop.ForAll(seeds, seed => law(seed)));
    }
}
