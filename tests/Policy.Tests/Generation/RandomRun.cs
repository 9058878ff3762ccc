using System.Globalization;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>
/// How much a random test tries, and from which seed. KMSGATEWAY_FULL=1 takes the full volume; KMSGATEWAY_MUTATION=1 the small one
/// of mutation testing, where the same test runs once per mutant; KMSGATEWAY_SEED repeats a run.
/// </summary>
internal static class RandomRun
{
    private const int MutationShare = 200;
    private const int MutationLeast = 200;
    private const int MutationSeed = 20_260_101;

    internal static bool IsFull => Is("KMSGATEWAY_FULL");

    internal static bool IsMutation => Is("KMSGATEWAY_MUTATION");

    /// <summary>The seed that was asked for; the same for every mutant, so that a mutant is judged by itself.</summary>
    internal static int? GivenSeed =>
        Environment.GetEnvironmentVariable("KMSGATEWAY_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture)
        : IsMutation ? MutationSeed
        : null;

    /// <summary>The first of a row of seeds.</summary>
    internal static int FirstSeed() => GivenSeed ?? Random.Shared.Next(int.MaxValue / 2);

    /// <summary>The number of cases.</summary>
    internal static int Count(int ordinary, int full) =>
        IsFull ? full : IsMutation ? Math.Min(ordinary, Math.Max(MutationLeast, ordinary / MutationShare)) : ordinary;

    private static bool Is(string variable) => Environment.GetEnvironmentVariable(variable) == "1";
}
