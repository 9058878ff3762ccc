using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Caching;
using PolicyDocument = KmsGateway.Policy.Documents.PolicyDocument;

namespace KmsGateway.Gateway.Ram;

/// <summary>Whose policies are cached.</summary>
internal readonly record struct IdentityKey(PrincipalKind Kind, string AccountId, string Id);

/// <summary>Which user, role or account (<paramref name="Id"/> 0) a standing is of; <paramref name="Kind"/> is a value of <c>identities.kind</c>.</summary>
internal readonly record struct StandingKey(string AccountId, string Kind, long Id);

/// <summary>How many entries are kept in memory; what is not kept is read from ram.db.</summary>
internal sealed record RamCacheLimits
{
    /// <summary>Access keys with their secrets opened.</summary>
    public int AccessKeys { get; init; } = 20_000;

    /// <summary>Compiled policy sets of users and roles.</summary>
    public int Identities { get; init; } = 20_000;

    /// <summary>Parsed policy versions, shared by all that hold them.</summary>
    public int Documents { get; init; } = 5_000;
}

/// <summary>What is kept of ram.db in memory. One write drops from all of them what it raised, before it is acknowledged.</summary>
internal sealed class RamCaches(RamCacheLimits limits)
{
    /// <summary>
    /// Access keys by id. Why a secret is not disposed when its key leaves: a request that found it may still be computing its
    /// MAC, and a MAC under zeroed bytes is one that a stranger can compute too. The last one to let go of a secret leaves it to the
    /// collector; whoever computes with its bytes keeps the key alive until the MAC is made.
    /// </summary>
    public DependencyCache<string, AccessKey> AccessKeys { get; } = new(limits.AccessKeys);

    /// <summary>Compiled policies by identity.</summary>
    public DependencyCache<IdentityKey, IdentityPolicies> Policies { get; } = new(limits.Identities);

    /// <summary>What sessions depend on, by user or role.</summary>
    public DependencyCache<StandingKey, Standing> Standings { get; } = new(limits.Identities);

    /// <summary>Parsed documents by policy and version number; they never change.</summary>
    public DependencyCache<(long PolicyId, long Number), PolicyDocument> Documents { get; } = new(limits.Documents);

    /// <summary>Drops what depends on one of these identities and policies.</summary>
    public void Invalidate(IReadOnlyCollection<long> changed)
    {
        AccessKeys.Invalidate(changed);
        Policies.Invalidate(changed);
        Standings.Invalidate(changed);
    }
}
