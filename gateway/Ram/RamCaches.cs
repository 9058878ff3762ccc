using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Caching;
using KmsGateway.Policy.Evaluation;
using PolicyDocument = KmsGateway.Policy.Documents.PolicyDocument;

namespace KmsGateway.Gateway.Ram;

/// <summary>Whose policies are cached.</summary>
internal readonly record struct IdentityKey(PrincipalKind Kind, string AccountId, string Id);

/// <summary>Which user, role or account (<paramref name="Id"/> 0) a standing is of; <paramref name="Kind"/> is a value of <c>identities.kind</c>.</summary>
internal readonly record struct StandingKey(string AccountId, string Kind, long Id);

/// <summary>A policy's document, null when this program cannot read what was accepted once, and the length of its text.</summary>
internal sealed record ParsedPolicy(PolicyDocument? Document, int Characters);

/// <summary>
/// How much of ram.db is kept in memory; what is not kept is read again. Shares are bytes; weights are estimates from the layout of the objects, not measured
/// (docs/performance.md). Nothing is taken before it is used.
/// </summary>
internal sealed record RamCacheLimits
{
    /// <summary>Room for a million access keys, 100,000 users and 10,000 policies.</summary>
    public const int DefaultMegabytes = 1024;

    /// <summary>An access key with its sealed secret and its owner.</summary>
    public const int AccessKeyBytes = 600;

    /// <summary>What an identity holds, without the policies; and each policy's name in it.</summary>
    public const int IdentityBytes = 500;

    /// <inheritdoc cref="IdentityBytes"/>
    public const int HeldPolicyBytes = 150;

    private const int PolicyBytes = 1500;
    private const int BytesPerCharacter = 24;

    /// <summary>The whole.</summary>
    public long Bytes { get; init; } = DefaultMegabytes * 1024L * 1024;

    /// <summary>From the setting <c>Kms:Cache:Megabytes</c>.</summary>
    public static RamCacheLimits Of(int megabytes) => new() { Bytes = megabytes * 1024L * 1024 };

    /// <summary>Five eighths.</summary>
    public long AccessKeys => Bytes / 8 * 5;

    /// <summary>An eighth, and as much for what sessions depend on.</summary>
    public long Identities => Bytes / 8;

    /// <summary>A sixteenth: documents, and as much for what is compiled of them.</summary>
    public long Policies => Bytes / 16;

    /// <summary>A parsed document, or the set that is compiled of some, by the characters of their texts.</summary>
    public static int CompiledBytes(int characters) => PolicyBytes + (BytesPerCharacter * characters);
}

/// <summary>What is kept of ram.db in memory. One write drops from all of them what it raised, before it is acknowledged.</summary>
internal sealed class RamCaches(RamCacheLimits limits)
{
    /// <summary>Access keys by id, their secrets sealed.</summary>
    public DependencyCache<string, AccessKey> AccessKeys { get; } = new(limits.AccessKeys);

    /// <summary>What applies, by identity.</summary>
    public DependencyCache<IdentityKey, IdentityPolicies> Policies { get; } = new(limits.Identities);

    /// <summary>What sessions depend on, by user or role.</summary>
    public DependencyCache<StandingKey, Standing> Standings { get; } = new(limits.Identities);

    /// <summary>Compiled sets by <see cref="PolicyCompilation.SetName"/>; shared by all who hold the same, and they never change.</summary>
    public DependencyCache<string, PolicySet> Sets { get; } = new(limits.Policies);

    /// <summary>Parsed default documents by policy and <see cref="Storage.HeldPolicy.Version"/>, which is never used twice; they never change.</summary>
    public DependencyCache<(long PolicyId, long Version), ParsedPolicy> Documents { get; } = new(limits.Policies);

    /// <summary>Drops what depends on one of these identities and policies.</summary>
    public void Invalidate(IReadOnlyCollection<long> changed)
    {
        AccessKeys.Invalidate(changed);
        Policies.Invalidate(changed);
        Standings.Invalidate(changed);
    }
}
