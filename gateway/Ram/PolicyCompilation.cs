using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram;

/// <summary>What applies to one identity, put together from what it holds.</summary>
internal sealed class PolicyCompilation
{
    private readonly HashSet<long> dependsOn = [];
    private readonly ImmutableArray<HeldPolicy>.Builder policies = ImmutableArray.CreateBuilder<HeldPolicy>();
    private readonly ImmutableArray<AttachedPolicy>.Builder attached = ImmutableArray.CreateBuilder<AttachedPolicy>();
    private long version;

    public PolicyCompilation(IReadOnlyList<Holding> holdings)
    {
        foreach (var (holder, policy) in holdings)
        {
            DependOn(holder.Id, holder.Version);
            if (policy is not null)
            {
                Add(policy, $"{holder.Kind}/{holder.Name}");
            }
        }
    }

    /// <summary>The identity, its groups and their custom policies.</summary>
    public ImmutableArray<long> DependsOn => [.. dependsOn];

    /// <summary>What is held, in order.</summary>
    public IReadOnlyList<HeldPolicy> Policies => policies;

    /// <summary>The same, as reports name it.</summary>
    public IReadOnlyList<AttachedPolicy> Attached => attached;

    /// <summary>
    /// What the set is made of, in order; equal for all who hold the same. Why the version: a seeded policy has the id and the number of a
    /// deleted one of its name again, but a version is never used twice.
    /// </summary>
    public string SetName => string.Join('/', policies.Select(policy => policy.Id == 0
        ? policy.Name
        : string.Create(CultureInfo.InvariantCulture, $"{policy.Id}:{policy.DefaultVersion}:{policy.Version}")));

    /// <summary>The whole, with its compiled set.</summary>
    public IdentityPolicies Under(PolicySet set) => new(version, set, set.IsInvalid ? [] : attached.ToImmutable());

    private void Add(HeldPolicy policy, string attachedTo)
    {
        policies.Add(policy);
        if (policy.Id == 0)
        {
            attached.Add(new AttachedPolicy(policy.Name, PolicyType.System, SystemPolicies.Find(policy.Name)?.Version ?? string.Empty, attachedTo));
            return;
        }

        DependOn(policy.Id, policy.Version);
        attached.Add(new AttachedPolicy(policy.Name, PolicyType.Custom, PolicyVersionId.Text(policy.DefaultVersion), attachedTo));
    }

    /// <summary>
    /// Versions come from one sequence and every change draws a new one, so the highest of them is the version of the whole: it
    /// never falls and never repeats.
    /// </summary>
    private void DependOn(long id, long itsVersion)
    {
        dependsOn.Add(id);
        version = Math.Max(version, itsVersion);
    }
}
