using System.Collections.Immutable;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>The actions and resources of a region, as patterns.</summary>
internal sealed record RegionShape(ImmutableArray<PatternCube<ActionPattern>> Actions, ImmutableArray<PatternCube<ResourcePattern>> Resources)
{
    internal static RegionShape Everything { get; } = new([new([], [])], [new([], [])]);

    internal string ActionText => string.Join("; ", Actions);

    /// <summary>What no ARN pattern covers has no resource (R-RES-8).</summary>
    internal string ResourceText => string.Join("; ", Resources.Select(cube => cube.Excluded.Any(IsAnyArn) ? "(no resource)" : cube.ToString()));

    private static bool IsAnyArn(ResourcePattern pattern) => string.Equals(pattern.Text, ResourceSpace.AnyArn.Text, StringComparison.Ordinal);
}
