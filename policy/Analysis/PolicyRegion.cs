using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>What a region of calls has become.</summary>
public enum RegionChange
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Refused before, for whatever reason; allowed after.</summary>
    Widened,

    /// <summary>Allowed before; refused after, by a Deny or because nothing allows.</summary>
    Narrowed,

    /// <summary>Nothing allowed it before; after, a Deny forbids it whatever is granted later.</summary>
    DenyAdded,

    /// <summary>A Deny forbade it before; after, nothing allows it, but a later grant would.</summary>
    DenyRemoved,

    /// <summary>Not decided within the bounds; never to be read as no change.</summary>
    Unknown,
}

/// <summary>A condition on the calls of a region.</summary>
/// <param name="Condition">Operator (never a negated one), key, values.</param>
/// <param name="IsMet">Whether the calls meet it; false includes that the key is missing.</param>
public sealed record RegionCondition(Condition Condition, bool IsMet)
{
    /// <summary><c>StringEquals kms:tag/Project "Apollo"</c>, with <c>not</c> before it where it is not met.</summary>
    public string Text =>
        $"{(IsMet ? "" : "not ")}{Condition.Operator} {Condition.Key} {string.Join(" or ", Condition.Values.Select(value => $"\"{value}\""))}";
}

/// <summary>
/// Calls that changed alike: every action of the region on every resource of it under its conditions. Regions are disjoint.
/// </summary>
public sealed record PolicyRegion
{
    /// <summary>What changed.</summary>
    public required RegionChange Change { get; init; }

    /// <summary>The decision before; None in an Unknown region without a witness.</summary>
    public required Verdict Before { get; init; }

    /// <summary>The decision after; None in an Unknown region without a witness.</summary>
    public required Verdict After { get; init; }

    /// <summary>The actions of the vocabulary that lie in the region, sorted; empty when it holds none.</summary>
    public required ImmutableArray<string> Actions { get; init; }

    /// <summary>All its actions as text: <c>kms:Encrypt</c>, <c>kms:* except kms:Decrypt</c>, several joined by <c>; </c>.</summary>
    public required string ActionPattern { get; init; }

    /// <summary>
    /// Its resources as text: <c>acs:kms:*:*:key/* except acs:kms:*:*:key/a*</c>; <c>A and B</c> is what both cover; <c>*</c>
    /// everything; <c>(no resource)</c> calls without one; several joined by <c>; </c>.
    /// </summary>
    public required string ResourcePattern { get; init; }

    /// <summary>What must hold besides, all of it; empty when nothing must.</summary>
    public required ImmutableArray<RegionCondition> Conditions { get; init; }

    /// <summary>A call of the region, decided as <see cref="Before"/> and <see cref="After"/> say; in an Unknown region null unless one was found.</summary>
    public required WitnessCall? Witness { get; init; }

    /// <summary>For Unknown: what stood in the way.</summary>
    public UnknownReason Reason { get; init; }

    internal RegionShape Shape { get; init; } = RegionShape.Everything;

    /// <summary>Whether the call lies in the region.</summary>
    public bool Covers(WitnessCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var check = call.ToRequest(null).Checks[0];
        return Shape.Actions.Any(cube => cube.Covers(pattern => pattern.Covers(call.Action)))
            && Shape.Resources.Any(cube => cube.Covers(pattern => pattern.Covers(call.Resource)))
            && Conditions.All(condition => (condition.Condition.Test(check.Context) == ConditionOutcome.Match) == condition.IsMet);
    }
}

/// <summary>The answer to <see cref="PolicyComparison.Compare"/>.</summary>
/// <param name="Regions">Everything that changed or may have changed, Widened first; disjoint.</param>
public sealed record PolicyDifference(ImmutableArray<PolicyRegion> Regions)
{
    /// <summary>Whether it is proved that every call is decided as before.</summary>
    public bool IsEmpty => Regions.IsEmpty;

    /// <summary>Whether every change was found; otherwise an Unknown region says where more may be.</summary>
    public bool IsComplete => Regions.All(region => region.Change != RegionChange.Unknown);
}
