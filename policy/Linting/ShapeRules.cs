using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>What could be left out, or said better.</summary>
internal static class ShapeRules
{
    private static readonly ImmutableArray<(string Pattern, ImmutableArray<string> Members)> Families =
        [.. new[] { "ReEncrypt", "GenerateDataKey", "Asymmetric", "List", "Describe", "Get" }.Select(Family)];

    internal static void DuplicateStatement(LintContext context)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (at, statement) in context.Statements)
        {
            var meaning = Meaning(statement);
            if (!seen.TryAdd(meaning, at))
            {
                context.Report("DuplicateStatement", "Says what an earlier statement says.", LintContext.At(at), LintContext.At(seen[meaning]));
            }
        }
    }

    internal static void UseWildcardFamily(LintContext context)
    {
        foreach (var (at, statement) in context.Statements)
        {
            var listed = statement.Actions.Select(action => action.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var (pattern, members) in Families)
            {
                if (members.All(listed.Contains))
                {
                    context.Report("UseWildcardFamily", $"Lists the whole family {pattern}.", LintContext.At(at));
                }
            }
        }
    }

    internal static void MissingSid(LintContext context)
    {
        foreach (var (at, _) in context.Statements.Where(entry => context.Document.Statements.Length > 1 && entry.Statement.Sid is null))
        {
            context.Report("MissingSid", "A Sid lets an explanation name the statement.", LintContext.At(at));
        }
    }

    private static (string Pattern, ImmutableArray<string> Members) Family(string name) =>
        ($"kms:{name}*", [.. Permission.All.Select(permission => permission.Action).Where(action => action.StartsWith($"kms:{name}", StringComparison.Ordinal))]);

    private static string Meaning(Statement statement) => string.Join(
        '\n',
        statement.Effect,
        string.Join(' ', statement.Principals.Select(entry => $"{entry.Kind}:{entry.Text}").Order(StringComparer.Ordinal)),
        statement.IsNotAction,
        string.Join(' ', statement.Actions.Select(action => action.Text.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        statement.IsNotResource,
        string.Join(' ', statement.Resources.Select(resource => resource.Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        string.Join('\t', statement.Conditions.Select(test => $"{test.Operator} {test.Key} {string.Join('\v', test.Values.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal)));
}
