using System.Collections.Immutable;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>The actions and resources of a region, as patterns.</summary>
internal sealed record RegionShape(ImmutableArray<PatternCube<ActionPattern>> Actions, PatternCube<ResourcePattern> Resources)
{
    internal static RegionShape Everything { get; } = new([new([], [])], new([], []));

    internal string ActionText => string.Join("; ", Actions);

    /// <summary>What no ARN pattern covers has no resource (R-RES-8).</summary>
    internal string ResourceText => Resources.Excluded.Any(pattern => string.Equals(pattern.Text, ResourceSpace.AnyArn.Text, StringComparison.Ordinal)) ? "(no resource)" : Resources.ToString();
}
