using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>Where a statement stands; callers map it to names of policies and versions.</summary>
/// <param name="Layer">Control, session, identity or resource.</param>
/// <param name="Level">Level of a control policy, nearest first; -1 otherwise.</param>
/// <param name="Policy">Index of the policy within its layer (for control within its level).</param>
/// <param name="Statement">Index of the statement within its policy.</param>
public readonly record struct StatementReference(PolicyLayer Layer, int Level, int Policy, int Statement);

/// <summary>Why no pattern of a statement covers a resource, told by the pattern that comes closest. Source: simulator.md 4.</summary>
public enum ResourceMiss
{
    /// <summary>Covered.</summary>
    None = 0,

    /// <summary>Another service.</summary>
    Service,

    /// <summary>Another region.</summary>
    Region,

    /// <summary>Another account.</summary>
    Account,

    /// <summary>Another type of resource, or a call that has no resource.</summary>
    ResourceType,

    /// <summary>Another resource of the same type.</summary>
    ResourceId,

    /// <summary>The items where the call is about their container, or the reverse (R-RES-5).</summary>
    Container,

    /// <summary>An alias, where the call is checked on the key behind it (R-KMS-4).</summary>
    AliasInsteadOfKey,

    /// <summary>The call names no resource at all.</summary>
    Malformed,

    /// <summary>An element of NotResource excludes it.</summary>
    Excluded,
}

/// <summary>How a caller stands to the Principal element of a statement.</summary>
public enum PrincipalOutcome
{
    /// <summary>The statement has no Principal element.</summary>
    None = 0,

    /// <summary>Named.</summary>
    Match,

    /// <summary>Not named.</summary>
    NoMatch,

    /// <summary>Named only as one of the key's own account, which leaves the grant to identity policies (R-PRN-4).</summary>
    AccountWideOnly,
}

/// <summary>The action or resource part of a statement.</summary>
/// <param name="IsMet">Whether this part fits the call.</param>
/// <param name="Matched">The first element that fits; null for Not forms and where none fits.</param>
/// <param name="Unmatched">All elements, where none fits.</param>
/// <param name="ExcludedBy">The element of a Not form that fits and thereby excludes the call.</param>
public sealed record PartExplanation(bool IsMet, string? Matched, ImmutableArray<string> Unmatched, string? ExcludedBy);

/// <summary>One condition of a statement.</summary>
/// <param name="Condition">Operator, key and wanted values.</param>
/// <param name="Found">The values of the request; empty when the key is missing.</param>
/// <param name="Outcome">How it came out; <see cref="ConditionOutcome.Match"/> is met.</param>
public sealed record ConditionExplanation(Condition Condition, ImmutableArray<string> Found, ConditionOutcome Outcome)
{
    /// <summary>Whether it is met.</summary>
    public bool IsMet => Outcome == ConditionOutcome.Match;
}

/// <summary>One statement against one check, part by part. Source: simulator.md 4.</summary>
/// <param name="Reference">Where it stands.</param>
/// <param name="Statement">The statement, with its Sid, effect and span.</param>
/// <param name="Action">Action or NotAction.</param>
/// <param name="Resource">Resource or NotResource.</param>
/// <param name="ResourceMiss">Why the resource part is not met.</param>
/// <param name="Principal">Key and trust policies only.</param>
/// <param name="Conditions">All conditions, in order.</param>
public sealed record StatementExplanation(
    StatementReference Reference,
    Statement Statement,
    PartExplanation Action,
    PartExplanation Resource,
    ResourceMiss ResourceMiss,
    PrincipalOutcome Principal,
    ImmutableArray<ConditionExplanation> Conditions)
{
    /// <summary>The number of parts that failed, each condition counted by itself; 0 when the statement applies.</summary>
    public int MissedBy =>
        (Action.IsMet ? 0 : 1)
        + (Resource.IsMet ? 0 : 1)
        + (IsPrincipalMet ? 0 : 1)
        + Conditions.Count(condition => !condition.IsMet);

    private bool IsPrincipalMet => Principal is PrincipalOutcome.None or PrincipalOutcome.Match;
}

/// <summary>The story of one decision. Source: simulator.md 3 and 4.</summary>
/// <param name="Decision">What was decided.</param>
/// <param name="Check">The check that decided.</param>
/// <param name="DecidedBy">Every matching Deny, or else every matching Allow; the reported statement comes first.</param>
/// <param name="Nearest">For an implicit denial, the Allow statements that miss by the fewest parts, at most 3, never those that miss on the action.</param>
/// <param name="MissingContext">Keys that the nearest statements ask for and the request does not carry.</param>
/// <param name="UnusedContext">Keys that the request carries and no statement asks for.</param>
public sealed record Explanation(
    Decision Decision,
    PolicyCheck Check,
    ImmutableArray<StatementReference> DecidedBy,
    ImmutableArray<StatementExplanation> Nearest,
    ImmutableArray<string> MissingContext,
    ImmutableArray<string> UnusedContext)
{
    /// <summary>One sentence for a person, with policies called by their index.</summary>
    public string Text => Describe(ExplanationText.DefaultName);

    /// <summary>One sentence for a person.</summary>
    /// <param name="nameOf">What a person calls the policy of a statement: <c>AppKeys v3</c>.</param>
    public string Describe(Func<StatementReference, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        return ExplanationText.Of(this, nameOf);
    }
}
