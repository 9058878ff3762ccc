using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>Retells a decision. It asks the same matching functions as the evaluator, statement by statement and without an index.</summary>
internal sealed class Explainer(PolicySet policies, PolicyPrincipal principal, PolicyCheck check)
{
    private const int MaxNearest = 3;

    internal Explanation Explain(Decision decision)
    {
        var nearest = decision.Verdict == Verdict.ImplicitDeny && !policies.IsInvalid ? Nearest(decision) : [];
        var missing =
            from statement in nearest
            from condition in statement.Conditions
            where condition is { IsMet: false, Found.IsEmpty: true }
            select condition.Condition.Key.Text;
        return new Explanation(decision, check, DecidedBy(decision), nearest, [.. missing.Distinct(StringComparer.Ordinal)], Unused());
    }

    /// <summary>Every statement of every layer, in the order of 6.2.</summary>
    internal ImmutableArray<StatementExplanation> All() =>
        [.. Places().Select(place => StatementExplainer.Explain(place, principal, check))];

    private IEnumerable<StatementPlace> Places()
    {
        var control = policies.Control.SelectMany((level, index) => Places(level, PolicyLayer.Control, index));
        var session = policies.Session is { } document ? Places([document], PolicyLayer.Session) : [];
        var resource = check.ResourcePolicy is { } own ? Places([own], PolicyLayer.Resource) : [];
        return [.. control, .. session, .. Places(policies.Identity, PolicyLayer.Identity), .. resource];
    }

    private static IEnumerable<StatementPlace> Places(ImmutableArray<PolicyDocument> documents, PolicyLayer layer, int level = -1) =>
        documents.SelectMany((document, policy) => document.Statements.Select((statement, index) =>
            new StatementPlace(new StatementReference(layer, level, policy, index), document, statement)));

    private ImmutableArray<StatementReference> DecidedBy(Decision decision)
    {
        var effect = decision.Verdict == Verdict.Allow ? StatementEffect.Allow : StatementEffect.Deny;
        if (decision.Verdict == Verdict.ImplicitDeny || decision.Statement < 0)
        {
            return [];
        }

        var applicable =
            from place in Places()
            where place.Statement.Effect == effect && HasPartIn(decision, place.Reference)
            where StatementExplainer.Explain(place, principal, check).MissedBy == 0
            select place.Reference;
        var reported = new StatementReference(decision.Layer, decision.Level, decision.Policy, decision.Statement);
        return [.. applicable.OrderBy(reference => reference != reported)];
    }

    /// <summary>Control and session policies decide alone; identity and resource side decide together.</summary>
    private static bool HasPartIn(Decision decision, StatementReference place) => decision.Layer switch
    {
        PolicyLayer.Control or PolicyLayer.Session => place.Layer == decision.Layer && place.Level == decision.Level,
        _ => place.Layer is PolicyLayer.Identity or PolicyLayer.Resource,
    };

    private ImmutableArray<StatementExplanation> Nearest(Decision decision)
    {
        var near = Allows(decision).Where(statement => statement.Action.IsMet).OrderBy(statement => statement.MissedBy);
        return [.. near.Take(MaxNearest)];
    }

    /// <summary>The Allow statements of the layer that lacks an applicable one.</summary>
    internal IEnumerable<StatementExplanation> Allows(Decision decision) =>
        from place in Places()
        where place.Statement.Effect == StatementEffect.Allow && LacksAllow(decision, place.Reference)
        select StatementExplainer.Explain(place, principal, check);

    /// <summary>An Allow there would have helped: in the layer that lacks it, or on the other side where either side is enough.</summary>
    private bool LacksAllow(Decision decision, StatementReference place)
    {
        var view = new CheckView(principal, check);
        var isEitherEnough = view.IsOwnResource && !view.IsAssumeRole;
        return (place.Layer == decision.Layer && place.Level == decision.Level)
            || (isEitherEnough && decision.Layer == PolicyLayer.Identity && place.Layer == PolicyLayer.Resource);
    }

    private ImmutableArray<string> Unused()
    {
        var asked = Places().SelectMany(place => place.Statement.Conditions).Select(condition => condition.Key).ToArray();
        return [.. check.Context.Entries.Select(entry => entry.Key).Where(name => !Array.Exists(asked, key => key.Is(name)))];
    }
}

/// <summary>A statement, its document and its place.</summary>
internal sealed record StatementPlace(StatementReference Reference, PolicyDocument Document, Statement Statement);
