using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>What an edit of policies changes. Source: simulator.md 6.</summary>
public static class PolicyComparison
{
    /// <summary>
    /// Every region of calls that is decided otherwise after than before, each with a call that was put to the evaluator under
    /// both. What could not be decided within the bounds is an Unknown region, never left out.
    /// </summary>
    /// <param name="before">The subject as it is.</param>
    /// <param name="after">The same caller with other policies.</param>
    /// <param name="options">The default when null.</param>
    /// <exception cref="ArgumentException">The two are not about the same caller.</exception>
    public static PolicyDifference Compare(PolicySubject before, PolicySubject after, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Principal != after.Principal)
        {
            throw new ArgumentException("Both sides are about the same caller.", nameof(after));
        }

        var given = options ?? AnalysisOptions.Default;
        var walk = new CallWalk([before, after], given);

        // Why a budget of its own: what was found before the steps were used up is still told.
        var regions = new RegionList(walk, before, after, new AnalysisBudget(Math.Max(1, given.MaxSteps / 4)));
        foreach (var cell in walk.Cells(group => !IsSame(before, after, group)))
        {
            regions.Add(cell);
        }

        return new PolicyDifference(regions.ToRegions());
    }

    /// <summary>Where the same statements apply on both sides in the same places, the decision is the same.</summary>
    private static bool IsSame(PolicySubject before, PolicySubject after, ResourceGroup group) =>
        before.Policies.IsInvalid == after.Policies.IsInvalid
        && before.Policies.Control.Length == after.Policies.Control.Length
        && before.Policies.Session is null == after.Policies.Session is null
        && Meanings(group, 0).SetEquals(Meanings(group, 1));

    private static ImmutableHashSet<string> Meanings(ResourceGroup group, int side) =>
        [.. group.Statements.Where(statement => statement.Side == side).Select(statement => statement.Meaning)];

    internal static RegionChange ChangeOf(Verdict before, Verdict after) => (before, after) switch
    {
        (Verdict.Allow, not Verdict.Allow) => RegionChange.Narrowed,
        (not Verdict.Allow, Verdict.Allow) => RegionChange.Widened,
        (Verdict.ImplicitDeny, Verdict.ExplicitDeny) => RegionChange.DenyAdded,
        (Verdict.ExplicitDeny, Verdict.ImplicitDeny) => RegionChange.DenyRemoved,
        _ => RegionChange.None,
    };
}
