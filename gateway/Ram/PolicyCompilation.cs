using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Ram;

/// <summary>Collects what applies to one identity, and what that was made from.</summary>
internal sealed class PolicyCompilation
{
    private readonly ImmutableArray<PolicyDocument>.Builder documents = ImmutableArray.CreateBuilder<PolicyDocument>();
    private readonly ImmutableArray<AttachedPolicy>.Builder attached = ImmutableArray.CreateBuilder<AttachedPolicy>();
    private readonly HashSet<long> dependsOn = [];
    private readonly List<AttachedPolicy> unreadable = [];
    private long version;

    /// <summary>The identity, its groups and their custom policies.</summary>
    public IReadOnlyCollection<long> DependsOn => dependsOn;

    /// <summary>Policies that are attached and cannot be read.</summary>
    public IReadOnlyList<AttachedPolicy> Unreadable => unreadable;

    /// <summary>The next policy; null when it is attached but cannot be read, which denies everything: it may have held a Deny.</summary>
    public void Add(PolicyDocument? document, AttachedPolicy origin)
    {
        if (document is null)
        {
            unreadable.Add(origin);
            return;
        }

        documents.Add(document);
        attached.Add(origin);
    }

    /// <summary>
    /// Versions come from one sequence and every change draws a new one, so the highest of them is the version of the whole: it
    /// never falls and never repeats.
    /// </summary>
    public void DependOn(long id, long itsVersion)
    {
        dependsOn.Add(id);
        version = Math.Max(version, itsVersion);
    }

    /// <summary>The compiled set.</summary>
    public IdentityPolicies Build()
    {
        if (unreadable.Count > 0)
        {
            return new IdentityPolicies(version, PolicySet.Invalid, []);
        }

        return documents.Count == 0
            ? new IdentityPolicies(version, PolicySet.Empty, [])
            : new IdentityPolicies(version, new PolicySet(documents.ToImmutable()), attached.ToImmutable());
    }
}
