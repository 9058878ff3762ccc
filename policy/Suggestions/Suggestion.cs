using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>What a suggested edit changes.</summary>
public enum EditKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>One more element of Action.</summary>
    AddAction,

    /// <summary>One more element of Resource.</summary>
    AddResource,

    /// <summary>One more entry of Principal, in a key or trust policy.</summary>
    AddPrincipal,

    /// <summary>The request carries this value: the key is tagged so, the call comes from that address, with MFA ...</summary>
    SetContext,

    /// <summary>The request does not carry this key: the key is not tagged so.</summary>
    RemoveContext,

    /// <summary>One condition less.</summary>
    DropCondition,

    /// <summary>One element less in the Action of a Deny.</summary>
    RemoveAction,

    /// <summary>One Deny less.</summary>
    RemoveStatement,

    /// <summary>A policy less, whose only statement was the Deny.</summary>
    RemovePolicy,

    /// <summary>A new statement in a policy that is there.</summary>
    AddStatement,

    /// <summary>A new policy in a layer that has none, or none with room.</summary>
    AddPolicy,
}

/// <summary>One change. The edits of a suggestion are applied in order; places are those at that moment.</summary>
/// <param name="Kind">What changes.</param>
/// <param name="Place">The statement or policy that changes, or for circumstances the statement that asks for them.</param>
/// <param name="Subject">Action, resource, principal or condition key; for a new statement or policy its JSON.</param>
/// <param name="Value">The value of a condition key; otherwise empty.</param>
/// <param name="Check">Index of the check that it was made for.</param>
public sealed record SuggestedEdit(EditKind Kind, StatementReference Place, string Subject, string Value, int Check)
{
    /// <summary>A phrase for a person, with policies called by their index.</summary>
    public string Text => Describe(ExplanationText.DefaultName);

    /// <summary>A phrase for a person: <c>tag the key Project = Apollo</c>.</summary>
    /// <param name="nameOf">What a person calls the policy of a statement.</param>
    public string Describe(Func<StatementReference, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        return EditText.Of(this, nameOf);
    }
}

/// <summary>Edits that together turn a denial into Allow. Only what was applied and evaluated is ever suggested.</summary>
/// <param name="Edits">In order; never empty.</param>
/// <param name="Policies">The policies with the edits applied.</param>
/// <param name="Request">The call with the edits applied: contexts, and the policies of resources.</param>
/// <param name="Decision">What the evaluator decides then; it allows.</param>
public sealed record Suggestion(ImmutableArray<SuggestedEdit> Edits, PolicySet Policies, AuthorizationRequest Request, Decision Decision);
