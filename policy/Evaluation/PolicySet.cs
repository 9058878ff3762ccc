using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>
/// What applies to a principal, compiled once and reused for every call under the same identity version. Immutable.
/// Source: ram-policy.md 6.
/// </summary>
public sealed class PolicySet
{
    /// <summary>Compiles the documents.</summary>
    /// <param name="identity">For a user its own policies, then those of its groups; for a role those of the role.</param>
    /// <param name="session">Session policy of a role session.</param>
    /// <param name="control">Control policies, one list per level, nearest to the account first; empty when the feature is off.</param>
    public PolicySet(
        ImmutableArray<PolicyDocument> identity,
        PolicyDocument? session = null,
        ImmutableArray<ImmutableArray<PolicyDocument>> control = default)
    {
        Identity = identity;
        Session = session;
        Control = control.IsDefault ? [] : control;
    }

    /// <summary>No policies at all.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>The identity layer, in order.</summary>
    public ImmutableArray<PolicyDocument> Identity { get; }

    /// <summary>The session policy.</summary>
    public PolicyDocument? Session { get; }

    /// <summary>The control layer.</summary>
    public ImmutableArray<ImmutableArray<PolicyDocument>> Control { get; }
}
