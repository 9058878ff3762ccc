using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Why a statement could be left out.</summary>
public enum StatementUse
{
    /// <summary>It could not.</summary>
    None = 0,

    /// <summary>No call meets it: nothing matches its elements, or its conditions never hold together.</summary>
    NeverApplies,

    /// <summary>Wherever it applies, another statement decides the same.</summary>
    Covered,

    /// <summary>An Allow: wherever it applies, the call is refused all the same.</summary>
    Shadowed,

    /// <summary>An Allow: in part covered, in part shadowed.</summary>
    CoveredOrShadowed,
}

/// <summary>A statement that could be left out.</summary>
/// <param name="Place">Where it stands; for a resource policy the policy is its index in the subject.</param>
/// <param name="Use">Why.</param>
/// <param name="By">The statements that decide in its place, in order; empty where none is needed.</param>
public sealed record StatementFinding(StatementReference Place, StatementUse Use, ImmutableArray<StatementReference> By);

/// <summary>The statements that could be left out.</summary>
/// <param name="Findings">In order. Leaving out all of them together changes no decision.</param>
/// <param name="Undecided">Statements of which neither was proved within the bounds.</param>
public sealed record StatementReview(ImmutableArray<StatementFinding> Findings, ImmutableArray<StatementReference> Undecided)
{
    /// <summary>
    /// Redundant and dead statements of everything that applies to the subject. A statement is held against those that are left
    /// when the later ones found before are gone, so of two that say the same the earlier stays.
    /// </summary>
    /// <param name="subject">Whose policies.</param>
    /// <param name="options">The default when null; the steps are shared among the statements.</param>
    public static StatementReview Of(PolicySubject subject, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var given = options ?? AnalysisOptions.Default;
        var reduced = ReducedSubject.Of(subject);
        var share = given with { MaxSteps = Math.Max(1, given.MaxSteps / Math.Max(1, reduced.Places.Length)) };
        var findings = new List<StatementFinding>();
        var undecided = new List<StatementReference>();
        foreach (var place in reduced.Places.Reverse())
        {
            var trial = new StatementTrial(reduced, place, share);
            if (trial.Find() is { } finding)
            {
                findings.Add(finding);
                reduced = reduced.Without(place);
            }
            else if (!trial.IsNeeded)
            {
                undecided.Add(place);
            }
        }

        findings.Reverse();
        undecided.Reverse();
        return new StatementReview([.. findings], [.. undecided]);
    }
}
