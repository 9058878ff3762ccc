using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>Policies and call as they would be; nothing real changes.</summary>
internal sealed record WhatIf(
    ImmutableArray<PolicyDocument> Identity,
    PolicyDocument? Session,
    ImmutableArray<ImmutableArray<PolicyDocument>> Control,
    PolicyPrincipal Principal,
    ImmutableArray<PolicyCheck> Checks)
{
    internal static WhatIf Of(PolicySet policies, AuthorizationRequest request) =>
        new(policies.Identity, policies.Session, policies.Control, request.Principal, request.Checks);

    internal PolicySet ToPolicySet() => new(Identity, Session, Control);

    internal AuthorizationRequest ToRequest() => new(Principal, Checks);

    /// <summary>The policies of the layer of <paramref name="place"/>.</summary>
    internal ImmutableArray<PolicyDocument> Layer(StatementReference place, int check) => place.Layer switch
    {
        PolicyLayer.Control => Control[place.Level],
        PolicyLayer.Session => Session is null ? [] : [Session],
        PolicyLayer.Resource => Checks[check].ResourcePolicy is { } policy ? [policy] : [],
        _ => Identity,
    };

    internal WhatIf WithLayer(StatementReference place, int check, ImmutableArray<PolicyDocument> documents) => place.Layer switch
    {
        PolicyLayer.Control => this with { Control = Control.SetItem(place.Level, documents) },
        PolicyLayer.Session => this with { Session = documents.SingleOrDefault() },
        PolicyLayer.Resource => WithResourcePolicy(Checks[check].Resource, documents.SingleOrDefault()),
        _ => this with { Identity = documents },
    };

    /// <summary>
    /// The call with other values for a key, none to leave it out. A tag belongs to its resource, everything else to the call.
    /// </summary>
    internal WhatIf WithContext(Conditions.ConditionKey key, ImmutableArray<string> values, int check)
    {
        var isTag = key.Text.StartsWith("kms:tag/", StringComparison.OrdinalIgnoreCase);
        var resource = Checks[check].Resource;
        return this with
        {
            Checks = [.. Checks.Select(one => isTag && one.Resource != resource ? one : one with { Context = Changed(one.Context, key, values) })],
        };
    }

    private static ConditionContext Changed(ConditionContext context, Conditions.ConditionKey key, ImmutableArray<string> values)
    {
        var others = context.Entries.Where(entry => !key.Is(entry.Key));
        return new ConditionContext(values.IsEmpty ? others : others.Append(KeyValuePair.Create(key.Text, values)));
    }

    /// <summary>A resource has one policy, in whichever check it stands.</summary>
    private WhatIf WithResourcePolicy(string resource, PolicyDocument? policy) =>
        this with { Checks = [.. Checks.Select(one => one.Resource == resource ? one with { ResourcePolicy = policy } : one)] };
}
