using FsCheck;
using FsCheck.Fluent;

namespace KmsGateway.Policy.Tests.Laws;

/// <summary>A law over generated cases; FsCheck draws the seeds and prints the one that breaks it.</summary>
internal static class Law
{
    internal static void Holds(int count, Func<int, bool> law)
    {
        var seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(seeds, seed => law(seed)));
    }
}
