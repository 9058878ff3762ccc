using System.Collections.Immutable;

namespace KmsGateway.Policy.Linting;

/// <summary>What the linter says about one document.</summary>
/// <param name="Findings">In the order of the rules; empty when there is nothing to say.</param>
/// <param name="Unfinished">
/// Issue codes, sorted, that were not looked for to the end, because the document is so made that it would take too long or has
/// more than <see cref="PolicyLinter.MaxFindings"/> findings of the code. Never an ERROR: those are always complete.
/// </param>
public sealed record LintReport(ImmutableArray<Finding> Findings, ImmutableArray<string> Unfinished)
{
    /// <summary>Whether a code that is not among the findings is indeed not found.</summary>
    public bool IsComplete => Unfinished.IsEmpty;
}
