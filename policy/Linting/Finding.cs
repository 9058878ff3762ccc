using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>How grave a finding is. Source: simulator.md 7.</summary>
public enum FindingType
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary><c>ERROR</c>: not a policy, or one that cannot mean what it says.</summary>
    Error,

    /// <summary><c>SECURITY_WARNING</c>: grants more than is wise.</summary>
    SecurityWarning,

    /// <summary><c>WARNING</c>: probably does not do what its author meant.</summary>
    Warning,

    /// <summary><c>SUGGESTION</c>: could be said better.</summary>
    Suggestion,
}

/// <summary>One step into a document: a member's name, or an index from 0.</summary>
/// <param name="Member">The name; null when the step is an index.</param>
/// <param name="Index">The index; -1 when the step is a name.</param>
public readonly record struct PathStep(string? Member, int Index)
{
    /// <summary>The step to a member.</summary>
    public static PathStep Of(string member) => new(member, -1);

    /// <summary>The step to an element.</summary>
    public static PathStep Of(int index) => new(null, index);

    /// <inheritdoc/>
    public override string ToString() => Member ?? Index.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where a finding is.</summary>
/// <param name="Path">The way into the document, <c>Statement, 0, Action, 1</c>; empty for the whole text.</param>
/// <param name="Span">The piece of the text.</param>
public sealed record FindingLocation(ImmutableArray<PathStep> Path, SourceSpan Span);

/// <summary>Something worth knowing about a document. Source: simulator.md 7.</summary>
/// <param name="Type">How grave.</param>
/// <param name="IssueCode">One of <see cref="FindingCodes"/>.</param>
/// <param name="Details">One sentence for a person.</param>
/// <param name="Locations">At least one.</param>
public sealed record Finding(FindingType Type, string IssueCode, string Details, ImmutableArray<FindingLocation> Locations);

/// <summary>What the linter may know besides the document.</summary>
/// <param name="Account">Account id that the policy is for; null when unknown.</param>
/// <param name="Region">Region that the policy is for; null when unknown.</param>
public sealed record LintOptions(string? Account = null, string? Region = null);
