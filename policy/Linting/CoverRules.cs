using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>What something else covers. Sources: ram-policy.md 4.2, 4.3, R-EVAL-2.</summary>
internal static class CoverRules
{
    /// <summary>An Allow whose actions, resources and principals all lie under one Deny without conditions.</summary>
    internal static void UnreachableStatement(LintContext context)
    {
        var sides = context.Statements.Select(entry => new Side(entry.At, entry.Statement)).ToArray();
        var denies = sides.Where(side => side.IsBroadDeny).ToArray();
        foreach (var allow in sides.Where(side => side.IsPlainAllow))
        {
            if (Array.Find(denies, deny => IsShadowed(context.Questions, allow, deny)) is { } found)
            {
                context.Report("UnreachableStatement", "Everything that this statement allows is denied by another.", LintContext.At(allow.At), LintContext.At(found.At));
            }
        }
    }

    internal static void RedundantAction(LintContext context)
    {
        foreach (var (at, statement) in context.Statements)
        {
            foreach (var i in Redundant(context.Questions, [.. statement.Actions.Select(ListElement.Of)]))
            {
                context.Report("RedundantAction", "Another element of the list covers this action.", context.AtAction(at, i));
            }
        }
    }

    internal static void RedundantResource(LintContext context)
    {
        foreach (var (at, statement) in context.Statements)
        {
            foreach (var i in Redundant(context.Questions, [.. statement.Resources.Select(ListElement.Of)]))
            {
                context.Report("RedundantResource", "Another element of the list covers this resource.", context.AtResource(at, i));
            }
        }
    }

    /// <summary>Elements that another one covers; of two that cover each other the later one.</summary>
    private static IEnumerable<int> Redundant(LintQuestions questions, ListElement[] elements)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var wide = Enumerable.Range(0, elements.Length).Where(i => !elements[i].IsLiteral && first.TryAdd(elements[i].Text, i)).ToArray();
        for (var i = 0; i < elements.Length && !questions.IsCut; i++)
        {
            var isRepeated = !first.TryAdd(elements[i].Text, i) && first[elements[i].Text] != i;
            if (isRepeated || Array.Exists(wide, other => other != i && Covers(questions, elements, other, i)))
            {
                yield return i;
            }
        }
    }

    private static bool Covers(LintQuestions questions, ListElement[] elements, int outer, int inner) =>
        questions.IsCovered(elements[inner], elements[outer])
        && (outer < inner || !questions.IsCovered(elements[outer], elements[inner]));

    private static bool IsShadowed(LintQuestions questions, Side allow, Side deny) =>
        allow.Statement.Principals.All(deny.Statement.Principals.Contains)
        && allow.Actions.All(action => questions.IsCovered(action, deny.Actions))
        && allow.Resources.All(resource => questions.IsCovered(resource, deny.Resources));

    private sealed class Side(int at, Statement statement)
    {
        internal int At => at;

        internal Statement Statement => statement;

        internal bool IsPlainAllow => statement is { Effect: StatementEffect.Allow, IsNotAction: false, IsNotResource: false };

        internal bool IsBroadDeny => statement is { Effect: StatementEffect.Deny, IsNotAction: false, IsNotResource: false, Conditions.IsEmpty: true };

        internal ListElement[] Actions { get; } = [.. statement.Actions.Select(ListElement.Of)];

        internal ListElement[] Resources { get; } = [.. statement.Resources.Select(ListElement.Of)];
    }
}
