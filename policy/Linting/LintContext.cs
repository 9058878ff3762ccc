using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>What a rule looks at, and where it says what it found.</summary>
internal sealed class LintContext(PolicyDocument document, LintText text, LintOptions options)
{
    private readonly ImmutableArray<Finding>.Builder findings = ImmutableArray.CreateBuilder<Finding>();

    internal PolicyDocument Document { get; } = document;

    internal LintOptions Options { get; } = options;

    internal ImmutableArray<Finding> Findings => findings.ToImmutable();

    internal void Report(string code, string details, params ImmutableArray<PathStep>[] paths) =>
        findings.Add(new Finding(FindingCodes.TypeOf(code), code, details, [.. paths.Select(text.Locate)]));

    internal static ImmutableArray<PathStep> At(int statement) => [PathStep.Of("Statement"), PathStep.Of(statement)];

    /// <summary>The path of an action; a single one may stand without a list.</summary>
    internal ImmutableArray<PathStep> AtAction(int statement, int index) =>
        Element(At(statement).Add(PathStep.Of(Document.Statements[statement].IsNotAction ? "NotAction" : "Action")), index);

    internal ImmutableArray<PathStep> AtResource(int statement, int index) =>
        Element(At(statement).Add(PathStep.Of(Document.Statements[statement].IsNotResource ? "NotResource" : "Resource")), index);

    internal static ImmutableArray<PathStep> AtCondition(int statement, Conditions.Condition condition) =>
        At(statement).AddRange(PathStep.Of("Condition"), PathStep.Of(condition.Operator.Name), PathStep.Of(condition.Key.Text));

    private ImmutableArray<PathStep> Element(ImmutableArray<PathStep> list, int index) =>
        text.Find(list)?.Kind == SourceNodeKind.Array ? list.Add(PathStep.Of(index)) : list;
}
