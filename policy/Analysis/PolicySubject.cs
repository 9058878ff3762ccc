using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>The policy of one resource: a key policy, or the trust policy of a role.</summary>
/// <param name="Resource">ARN of the resource, no wildcard: <c>acs:kms:cn-hangzhou:1000000000000001:key/0a1b</c>.</param>
/// <param name="Document">Parsed as a key or trust policy.</param>
public sealed record ResourcePolicy(string Resource, PolicyDocument Document);

/// <summary>Whose access is analysed: a caller with its policies, or policies by themselves.</summary>
public sealed class PolicySubject
{
    /// <summary>A caller, with everything that applies to it.</summary>
    /// <param name="principal">Who asks; a service or federated caller has no identity policies.</param>
    /// <param name="policies">Identity, session and control policies.</param>
    /// <param name="resourcePolicies">Key and trust policies, one per resource; a resource not listed has none.</param>
    /// <exception cref="ArgumentException">A resource is no ARN, stands twice, or has neither a key policy nor a trust policy.</exception>
    public PolicySubject(PolicyPrincipal principal, PolicySet policies, ImmutableArray<ResourcePolicy> resourcePolicies = default)
        : this(policies, resourcePolicies)
    {
        ArgumentNullException.ThrowIfNull(principal);
        Principal = principal;
    }

    private PolicySubject(PolicySet policies, ImmutableArray<ResourcePolicy> resourcePolicies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        Policies = policies;
        ResourcePolicies = resourcePolicies.IsDefault ? [] : resourcePolicies;
        foreach (var policy in ResourcePolicies)
        {
            if (!IsOneResource(policy.Resource))
            {
                throw new ArgumentException("A resource policy belongs to one ARN, with an account and without wildcards.", nameof(resourcePolicies));
            }

            if (policy.Document.Kind is not (PolicyKind.Key or PolicyKind.Trust))
            {
                throw new ArgumentException("A resource has a key policy or a trust policy.", nameof(resourcePolicies));
            }
        }

        if (ResourcePolicies.DistinctBy(policy => policy.Resource, StringComparer.Ordinal).Count() != ResourcePolicies.Length)
        {
            throw new ArgumentException("A resource has one policy.", nameof(resourcePolicies));
        }
    }

    /// <summary>Who asks; null for policies by themselves.</summary>
    public PolicyPrincipal? Principal { get; }

    /// <summary>Identity, session and control policies.</summary>
    public PolicySet Policies { get; }

    /// <summary>Key and trust policies.</summary>
    public ImmutableArray<ResourcePolicy> ResourcePolicies { get; }

    /// <summary>The key or trust policy that a call is decided with, for policies by themselves the trust that they presume; null where there is none.</summary>
    public PolicyDocument? PolicyOf(WitnessCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Principal is null
            ? PresumedTrust.Of(call)
            : ResourcePolicies.FirstOrDefault(policy => string.Equals(policy.Resource, call.Resource, StringComparison.Ordinal))?.Document;
    }

    /// <summary>What the evaluator of the live path answers.</summary>
    public Decision Decide(WitnessCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return PolicyEvaluator.Evaluate(Policies, call.ToRequest(PolicyOf(call)));
    }

    /// <summary>
    /// Identity policies by themselves: what they give a user of whichever account owns the resource, where every role trusts
    /// its own account. So only what the documents say counts.
    /// </summary>
    /// <exception cref="ArgumentException">A document was not parsed as an identity policy.</exception>
    public static PolicySubject OfDocuments(params ImmutableArray<PolicyDocument> documents) => new(new PolicySet(documents), []);

    /// <summary>The same caller with other policies.</summary>
    internal PolicySubject With(PolicySet policies, ImmutableArray<ResourcePolicy> resourcePolicies) =>
        Principal is null ? new PolicySubject(policies, []) : new PolicySubject(Principal, policies, resourcePolicies);

    private static bool IsOneResource(string text) =>
        ResourcePattern.TryParse(text, out var pattern) && pattern.Fields?.Account.Length > 0 && text.AsSpan().IndexOfAny('*', '?') < 0;
}
