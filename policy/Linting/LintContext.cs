using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>What a rule looks at, and where it says what it found.</summary>
internal sealed class LintContext(PolicyDocument document, LintText text, LintOptions options)
{
    private readonly ImmutableArray<Finding>.Builder findings = ImmutableArray.CreateBuilder<Finding>();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<Permission>> permissions = new(StringComparer.OrdinalIgnoreCase);

    internal PolicyDocument Document { get; } = document;

    internal LintOptions Options { get; } = options;

    internal LintQuestions Questions { get; } = new(PolicyLinter.MaxSteps);

    internal ImmutableArray<Finding> Findings => findings.ToImmutable();

    /// <summary>The statements with their places.</summary>
    internal IEnumerable<(int At, Statement Statement)> Statements => Document.Statements.Select((statement, at) => (at, statement));

    /// <summary>Every action listed, Not forms included.</summary>
    internal IEnumerable<(int At, int Index, ActionPattern Pattern)> Actions =>
        Statements.SelectMany(entry => entry.Statement.Actions.Select((pattern, i) => (entry.At, i, pattern)));

    /// <summary>The permissions of the key service that an action pattern covers.</summary>
    internal ImmutableArray<Permission> PermissionsOf(ActionPattern pattern)
    {
        if (!permissions.TryGetValue(pattern.Text, out var found))
        {
            found = Permission.Of(pattern);
            permissions.Add(pattern.Text, found);
        }

        return found;
    }

    /// <summary>Adds a finding; one too many is dropped, counts as not looked for, and answers false.</summary>
    internal bool Report(string code, string details, params ImmutableArray<PathStep>[] paths)
    {
        counts[code] = counts.GetValueOrDefault(code) + 1;
        if (counts[code] > PolicyLinter.MaxFindings)
        {
            Questions.IsCut = true;
            return false;
        }

        findings.Add(new Finding(FindingCodes.TypeOf(code), code, details, [.. paths.Take(PolicyLinter.MaxLocations).Select(text.Locate)]));
        return true;
    }

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
