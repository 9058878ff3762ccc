using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>Out of an explicit denial: other circumstances, a shorter Deny, or none.</summary>
internal sealed class DenyStep(EditList edits, PathChoice choice, Decision decision)
{
    private readonly StatementReference place = new(decision.Layer, decision.Level, decision.Policy, decision.Statement);

    internal bool TryTake()
    {
        var document = edits.State.Layer(place, decision.Check)[place.Policy];
        var statement = document.Statements[place.Statement];
        if (choice.ChangesCircumstances && statement.Conditions.Any(TryAvoid))
        {
            return true;
        }

        if (TryRemoveAction(statement))
        {
            return true;
        }

        return document.Statements.Length > 1
            ? edits.TryReplace(Edit(EditKind.RemoveStatement, ""), document.Kind, document.Statements.RemoveAt(place.Statement))
            : edits.RemovePolicy(place, decision.Check);
    }

    /// <summary>Values with which the condition of the Deny is not met.</summary>
    private bool TryAvoid(Condition condition)
    {
        if (Witness.Avoiding(condition) is { } value)
        {
            return edits.SetContext(place, condition.Key, value, decision.Check);
        }

        return !condition.Operator.IsNegated && Witness.IsTag(condition.Key) && edits.RemoveContext(place, condition.Key, decision.Check);
    }

    /// <summary>Only where the action itself is listed; taking a wildcard out would let more through than was asked for.</summary>
    private bool TryRemoveAction(Statement statement)
    {
        var action = edits.State.Checks[decision.Check].Action;
        var kept = statement.Actions.RemoveAll(pattern => string.Equals(pattern.Text, action, StringComparison.OrdinalIgnoreCase));
        return !statement.IsNotAction
            && !kept.IsEmpty
            && !kept.Any(pattern => pattern.Covers(action))
            && edits.TryChange(Edit(EditKind.RemoveAction, action), one => one with { Actions = kept });
    }

    private SuggestedEdit Edit(EditKind kind, string subject) => new(kind, place, subject, "", decision.Check);
}
