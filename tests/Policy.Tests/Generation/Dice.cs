using System.Text.Json.Nodes;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>The choices of one seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random random = new(seed);

    internal bool Chance(double share) => random.NextDouble() < share;

    internal int Next(int end) => random.Next(end);

    internal int Next(int first, int end) => random.Next(first, end);

    internal T Pick<T>(params IReadOnlyList<T> list) => list[random.Next(list.Count)];

    /// <summary>The <c>one-or-many</c> of the grammar.</summary>
    internal JsonNode OneOrMany(Func<string> one)
    {
        if (Chance(0.6))
        {
            return JsonValue.Create(one());
        }

        return new JsonArray([.. Enumerable.Range(0, Next(1, 4)).Select(_ => (JsonNode)JsonValue.Create(one()))]);
    }
}
