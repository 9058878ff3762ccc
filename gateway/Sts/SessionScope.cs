using System.Collections.Immutable;
using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Sts;

/// <summary>What a session brings with it besides its role: how it was reached, and the policy that narrows it.</summary>
internal sealed class SessionScope(ImmutableArray<SessionLink> links, PolicyDocument? policy)
{
    private volatile Narrowed? last;

    /// <summary>The role of this session first, then those that it was reached through.</summary>
    public ImmutableArray<SessionLink> Links { get; } = links;

    /// <summary>
    /// What applies to the session: its role's policies under the session policy (R-EVAL-7). Compiled again only when the
    /// role's set is another; a set that cannot be read stays one.
    /// </summary>
    public IdentityPolicies Narrow(IdentityPolicies ofRole)
    {
        if (policy is null)
        {
            return ofRole;
        }

        var held = last;
        if (held is null || !ReferenceEquals(held.OfRole, ofRole))
        {
            held = new Narrowed(ofRole, ofRole with { Policies = ofRole.Policies.Under(policy) });
            last = held;
        }

        return held.OfSession;
    }

    private sealed record Narrowed(IdentityPolicies OfRole, IdentityPolicies OfSession);
}
