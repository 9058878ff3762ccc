using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Suggestions;

/// <summary>Out of an implicit denial: stretches an Allow statement over the call, or adds one.</summary>
internal sealed class AllowStep(EditList edits, PathChoice choice, Decision decision)
{
    private readonly PolicyCheck check = edits.State.Checks[decision.Check];

    internal bool TryTake(PolicySet policies, AuthorizationRequest request)
    {
        var near = new Explainer(policies, request.Principal, check).Allows(decision)
            .Where(CanBeStretched)
            .OrderBy(statement => statement.MissedBy)
            .Skip(choice.Rank)
            .FirstOrDefault();
        return near is null ? TryAdd() : TryStretch(near);
    }

    private static bool CanBeStretched(StatementExplanation statement) =>
        (statement.Action.IsMet || !statement.Statement.IsNotAction) && (statement.Resource.IsMet || !statement.Statement.IsNotResource);

    private bool TryStretch(StatementExplanation near) =>
        (near.Action.IsMet || TryAddAction(near.Reference))
        && (near.Resource.IsMet || TryAddResource(near.Reference))
        && (near.Principal is PrincipalOutcome.None or PrincipalOutcome.Match || TryAddPrincipal(near.Reference))
        && near.Conditions.Where(condition => !condition.IsMet).All(condition => TryMeet(near.Reference, condition.Condition));

    private bool TryAddAction(StatementReference place) =>
        ActionPattern.TryParse(check.Action, out var action)
        && edits.TryChange(Edit(EditKind.AddAction, place, check.Action), statement => statement with { Actions = statement.Actions.Add(action) });

    private bool TryAddResource(StatementReference place) =>
        ResourcePattern.TryParse(check.Resource, out var resource)
        && edits.TryChange(Edit(EditKind.AddResource, place, check.Resource), statement => statement with { Resources = statement.Resources.Add(resource) });

    private bool TryAddPrincipal(StatementReference place)
    {
        var (kind, text) = PrincipalText.Of(edits.State.Principal);
        var entry = PrincipalSyntax.TryParse(kind, text, allowsAccountStar: false);
        return entry is not null && edits.TryChange(
            Edit(EditKind.AddPrincipal, place, text),
            statement => statement with { Principals = [.. statement.Principals.Add(entry).OrderBy(one => one.Kind)] });
    }

    private bool TryMeet(StatementReference place, Condition condition)
    {
        if (choice.ChangesCircumstances)
        {
            if (!condition.Operator.IsNegated && Witness.Meeting(condition) is { } value)
            {
                return edits.SetContext(place, condition.Key, value, decision.Check);
            }

            if (condition.Operator.IsNegated && Witness.IsTag(condition.Key))
            {
                return edits.RemoveContext(place, condition.Key, decision.Check);
            }
        }

        return edits.TryChange(
            Edit(EditKind.DropCondition, place, $"{condition.Operator} {condition.Key}"),
            statement => statement with { Conditions = statement.Conditions.RemoveAll(one => IsSame(one, condition)) });
    }

    private static bool IsSame(Condition left, Condition right) =>
        left.Operator == right.Operator && string.Equals(left.Key.Text, right.Key.Text, StringComparison.Ordinal);

    private bool TryAdd()
    {
        var kind = KindOfLayer();
        var place = new StatementReference(decision.Layer, decision.Level, 0, 0);
        return kind != PolicyKind.None
            && NewStatement(kind) is { } statement
            && edits.TryAddStatement(place, decision.Check, kind, PolicyWriter.WriteStatement(statement));
    }

    private PolicyKind KindOfLayer() => decision.Layer switch
    {
        PolicyLayer.Control => PolicyKind.Control,
        PolicyLayer.Session => PolicyKind.Session,
        PolicyLayer.Identity => PolicyKind.Identity,
        _ => PrincipalText.PolicyKindOf(check),
    };

    private Statement? NewStatement(PolicyKind kind)
    {
        var rules = KindRules.Of(kind);
        var (principalKind, principal) = PrincipalText.Of(edits.State.Principal);
        var entry = PrincipalSyntax.TryParse(principalKind, principal, allowsAccountStar: false);
        if (!ActionPattern.TryParse(check.Action, out var action)
            || !ResourcePattern.TryParse(rules.OnlyStarResource ? "*" : check.Resource, out var resource)
            || (rules.HasPrincipal && entry is null))
        {
            return null;
        }

        return new Statement
        {
            Sid = null,
            Effect = StatementEffect.Allow,
            Principals = rules.HasPrincipal ? [entry!] : [],
            Actions = [action],
            IsNotAction = false,
            Resources = rules.HasResource ? [resource] : [],
            IsNotResource = false,
            Conditions = [],
            Span = default,
        };
    }

    private SuggestedEdit Edit(EditKind kind, StatementReference place, string subject) => new(kind, place, subject, "", decision.Check);
}
