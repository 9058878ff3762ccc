using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>One statement against one check, part by part.</summary>
internal static class StatementExplainer
{
    internal static StatementExplanation Explain(StatementPlace place, PolicyPrincipal principal, PolicyCheck check)
    {
        var view = new CheckView(principal, check);
        var resource = ExplainResource(place.Statement, view);
        return new StatementExplanation(
            place.Reference,
            place.Statement,
            ExplainAction(place.Statement, view),
            resource,
            resource.IsMet ? ResourceMiss.None : ResourceMissFinder.Find(place.Statement, view.Resource),
            ExplainPrincipal(place, view),
            [.. place.Statement.Conditions.Select(condition => new ConditionExplanation(condition, Found(condition.Key, check.Context), condition.Test(check.Context)))]);
    }

    private static PartExplanation ExplainAction(Statement statement, in CheckView view)
    {
        var first = view.Action.IsValid ? StatementMatch.FirstAction(statement, view.Action)?.Text : null;
        return Part(first, statement.IsNotAction, view.Action.IsValid, statement.Actions.Select(action => action.Text));
    }

    private static PartExplanation ExplainResource(Statement statement, in CheckView view)
    {
        var isName = view.Resource.IsArn || view.Resource.IsNone;
        if (statement.Resources.IsEmpty)
        {
            return new PartExplanation(isName, null, [], null);
        }

        var first = isName ? StatementMatch.FirstResource(statement, view.Resource)?.Text : null;
        return Part(first, statement.IsNotResource, isName, statement.Resources.Select(resource => resource.Text));
    }

    private static PartExplanation Part(string? first, bool isNot, bool isName, IEnumerable<string> elements) => (first, isNot) switch
    {
        (null, false) => new PartExplanation(false, null, [.. elements], null),
        (null, true) => new PartExplanation(isName, null, [], null),
        (_, false) => new PartExplanation(true, first, [], null),
        (_, true) => new PartExplanation(false, null, [], first),
    };

    private static PrincipalOutcome ExplainPrincipal(StatementPlace place, in CheckView view)
    {
        if (place.Statement.Principals.IsEmpty)
        {
            return PrincipalOutcome.None;
        }

        if (PrincipalMatcher.Match(place.Statement, view.Principal) == PrincipalMatch.None)
        {
            return PrincipalOutcome.NoMatch;
        }

        var isBound = place.Statement.Effect == StatementEffect.Deny || ResourceLayer.Grants(place.Document, place.Statement, view);
        return isBound ? PrincipalOutcome.Match : PrincipalOutcome.AccountWideOnly;
    }

    private static ImmutableArray<string> Found(Conditions.ConditionKey key, ConditionContext context) =>
        [.. context.Entries.Where(entry => key.Is(entry.Key)).SelectMany(entry => entry.Value)];
}
