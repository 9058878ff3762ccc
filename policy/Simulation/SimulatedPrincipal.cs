using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Simulation;

/// <summary>A policy with what a person calls it.</summary>
/// <param name="Name">Policy name.</param>
/// <param name="Version"><c>v1</c>, ...; empty for a draft.</param>
/// <param name="AttachedTo"><c>user/alice</c>, <c>group/devs</c>; empty for a draft.</param>
/// <param name="Document">Parsed for the layer it is used in.</param>
public sealed record NamedPolicy(string Name, string Version, string AttachedTo, PolicyDocument Document);

/// <summary>Whom a simulation is about, its policies compiled once. Source: simulator.md 3.</summary>
public sealed class SimulatedPrincipal
{
    /// <summary>Compiles the policies.</summary>
    /// <param name="label">What a person calls the caller: its ARN, or a name of the question.</param>
    /// <param name="principal">As the evaluator takes it.</param>
    /// <param name="policies">Identity policies: the caller's own, then those of its groups, then drafts.</param>
    /// <param name="session">Session policy of a role session.</param>
    /// <exception cref="ArgumentException">A document was parsed as another kind than the layer it is given for.</exception>
    public SimulatedPrincipal(string label, PolicyPrincipal principal, ImmutableArray<NamedPolicy> policies, PolicyDocument? session = null)
        : this(label, principal, policies, new PolicySet([.. policies.Select(policy => policy.Document)], session))
    {
    }

    /// <summary>Takes policies that are compiled already.</summary>
    /// <param name="label">What a person calls the caller.</param>
    /// <param name="principal">As the evaluator takes it.</param>
    /// <param name="policies">Names, in the order of the identity layer of <paramref name="compiled"/>.</param>
    /// <param name="compiled">What the evaluator is asked with.</param>
    public SimulatedPrincipal(string label, PolicyPrincipal principal, ImmutableArray<NamedPolicy> policies, PolicySet compiled)
    {
        ArgumentNullException.ThrowIfNull(principal);
        ArgumentNullException.ThrowIfNull(compiled);
        Label = label;
        Principal = principal;
        Policies = policies;
        Compiled = compiled;
    }

    /// <summary>What a person calls the caller.</summary>
    public string Label { get; }

    /// <summary>As the evaluator takes it.</summary>
    public PolicyPrincipal Principal { get; }

    /// <summary>The identity policies, in the order of the compiled set.</summary>
    public ImmutableArray<NamedPolicy> Policies { get; }

    /// <summary>What the evaluator is asked with.</summary>
    public PolicySet Compiled { get; }

    /// <summary>
    /// Whether its policies are those a caller really has. Others are suppositions: on the key of another account they are not held
    /// against its tags, since each would be a guess at them that leaves no trace with the owner.
    /// </summary>
    public bool IsReal { get; init; }

    /// <summary>The same caller under another name.</summary>
    public SimulatedPrincipal As(string label) => new(label, Principal, Policies, Compiled) { IsReal = IsReal };

    /// <summary>What a person calls the policy of a statement: <c>AppKeys v3</c>.</summary>
    public string NameOf(StatementReference statement) => statement.Layer switch
    {
        PolicyLayer.Identity when Policies[statement.Policy] is { Version.Length: > 0 } policy => $"{policy.Name} {policy.Version}",
        PolicyLayer.Identity => Policies[statement.Policy].Name,
        PolicyLayer.Resource => "the resource's policy",
        PolicyLayer.Session => "the session policy",
        _ => "a control policy",
    };
}
