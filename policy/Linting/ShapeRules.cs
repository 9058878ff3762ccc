using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>What could be left out, or said better.</summary>
internal static class ShapeRules
{
    private static readonly string[] Families = ["ReEncrypt", "GenerateDataKey", "Asymmetric", "List", "Describe", "Get"];

    /// <summary>An Allow whose actions and resources all lie under one Deny without conditions.</summary>
    internal static void UnreachableStatement(LintContext context)
    {
        var statements = context.Document.Statements;
        for (var at = 0; at < statements.Length; at++)
        {
            for (var deny = 0; deny < statements.Length; deny++)
            {
                if (IsShadowed(statements[at], statements[deny]))
                {
                    context.Report("UnreachableStatement", "Everything that this statement allows is denied by another.", LintContext.At(at), LintContext.At(deny));
                    break;
                }
            }
        }
    }

    internal static void RedundantAction(LintContext context) =>
        ForEach(context, statement => [.. statement.Actions.Select(Glob.Of)], Glob.AnyAction, (at, i) =>
            context.Report("RedundantAction", "Another element of the list covers this action.", context.AtAction(at, i)));

    internal static void RedundantResource(LintContext context) =>
        ForEach(context, statement => [.. statement.Resources.Select(Glob.Of)], Glob.AnyResource, (at, i) =>
            context.Report("RedundantResource", "Another element of the list covers this resource.", context.AtResource(at, i)));

    internal static void DuplicateStatement(LintContext context)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = 0; at < context.Document.Statements.Length; at++)
        {
            if (!seen.TryAdd(Meaning(context.Document.Statements[at]), at))
            {
                context.Report("DuplicateStatement", "Says what an earlier statement says.", LintContext.At(at), LintContext.At(seen[Meaning(context.Document.Statements[at])]));
            }
        }
    }

    internal static void UseWildcardFamily(LintContext context)
    {
        for (var at = 0; at < context.Document.Statements.Length; at++)
        {
            var listed = context.Document.Statements[at].Actions.Select(action => action.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var family in Families)
            {
                var members = Permission.All.Where(permission => permission.Action.StartsWith($"kms:{family}", StringComparison.Ordinal)).ToArray();
                if (members.All(permission => listed.Contains(permission.Action)))
                {
                    context.Report("UseWildcardFamily", $"Lists the whole family kms:{family}*.", LintContext.At(at));
                }
            }
        }
    }

    internal static void MissingSid(LintContext context)
    {
        for (var at = 0; at < context.Document.Statements.Length; at++)
        {
            if (context.Document.Statements.Length > 1 && context.Document.Statements[at].Sid is null)
            {
                context.Report("MissingSid", "A Sid lets an explanation name the statement.", LintContext.At(at));
            }
        }
    }

    private static bool IsShadowed(Statement allow, Statement deny) =>
        allow.Effect == StatementEffect.Allow
        && deny is { Effect: StatementEffect.Deny, IsNotAction: false, IsNotResource: false, Conditions.IsEmpty: true, Principals.IsEmpty: true }
        && !allow.IsNotAction
        && !allow.IsNotResource
        && allow.Actions.All(action => GlobLanguage.IsCovered(Glob.AnyAction, Glob.Of(action), [.. deny.Actions.Select(Glob.Of)]) == true)
        && allow.Resources.All(resource => IsWithin(resource, deny));

    /// <summary>Only <c>*</c> covers calls without a resource, so only a <c>*</c> shadows a <c>*</c> (R-RES-8).</summary>
    private static bool IsWithin(ResourcePattern resource, Statement deny) =>
        resource.IsAny
            ? deny.Resources.Any(pattern => pattern.IsAny)
            : GlobLanguage.IsCovered(Glob.AnyResource, Glob.Of(resource), [.. deny.Resources.Select(Glob.Of)]) == true;

    /// <summary>Elements that another covers; of two that cover each other the later one.</summary>
    private static void ForEach(LintContext context, Func<Statement, Glob[]> list, Glob domain, Action<int, int> report)
    {
        for (var at = 0; at < context.Document.Statements.Length; at++)
        {
            var globs = list(context.Document.Statements[at]);
            for (var i = 0; i < globs.Length; i++)
            {
                if (Enumerable.Range(0, globs.Length).Any(other => other != i && Covers(globs, other, i, domain)))
                {
                    report(at, i);
                }
            }
        }
    }

    private static bool Covers(Glob[] globs, int outer, int inner, Glob domain) =>
        !IsStar(globs[inner], globs[outer])
        && GlobLanguage.IsCovered(domain, globs[inner], globs[outer]) == true
        && (outer < inner || GlobLanguage.IsCovered(domain, globs[outer], globs[inner]) != true);

    /// <summary><c>*</c> also covers what has no resource, which no other pattern does.</summary>
    private static bool IsStar(Glob inner, Glob outer) => inner.Steps.Length == 1 && outer.Steps.Length > 1;

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
