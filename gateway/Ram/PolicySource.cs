using System.Collections.Immutable;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Ram;

/// <summary>Where an identity policy of a <see cref="PolicySet"/> came from, index for index.</summary>
/// <param name="Name">Policy name.</param>
/// <param name="Type"><c>System</c> or <c>Custom</c>.</param>
/// <param name="Version"><c>v1</c>, ...</param>
/// <param name="AttachedTo"><c>user/alice</c>, <c>group/devs</c>, <c>role/ci</c>.</param>
internal sealed record AttachedPolicy(string Name, string Type, string Version, string AttachedTo);

/// <summary>What applies to an identity under one identity version.</summary>
/// <param name="Version">Raised by every write that can change a decision of this identity (decisions.md D3).</param>
/// <param name="Policies">Compiled.</param>
/// <param name="Attached">Names, parallel to <see cref="PolicySet.Identity"/>.</param>
internal sealed record IdentityPolicies(long Version, PolicySet Policies, ImmutableArray<AttachedPolicy> Attached);

/// <summary>Where the policies of an identity are looked up; cached by version, never by time.</summary>
internal interface IPolicySource
{
    /// <summary>What applies to <paramref name="identity"/> now.</summary>
    ValueTask<IdentityPolicies> GetAsync(Identity identity, CancellationToken cancellationToken);
}
