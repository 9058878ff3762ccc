using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Documents;

/// <summary>What a statement does when it applies. Source: ram-policy.md R-DOC-8.</summary>
public enum StatementEffect
{
    /// <summary>No effect.</summary>
    None = 0,

    /// <summary>Grants.</summary>
    Allow,

    /// <summary>Refuses, whatever else grants.</summary>
    Deny,
}

/// <summary>One statement, its patterns and values prepared for evaluation. Source: ram-policy.md 2.</summary>
public sealed record Statement
{
    /// <summary>Name of the statement, 1-128 characters; null when it has none. It need not be unique.</summary>
    public required string? Sid { get; init; }

    /// <summary>Allow or Deny.</summary>
    public required StatementEffect Effect { get; init; }

    /// <summary>Whom it names, in the order RAM, Service, Federated; empty in identity, session and control policies.</summary>
    public required ImmutableArray<PrincipalEntry> Principals { get; init; }

    /// <summary>The actions listed; what is listed is excluded when <see cref="IsNotAction"/>.</summary>
    public required ImmutableArray<ActionPattern> Actions { get; init; }

    /// <summary>Whether the statement says NotAction.</summary>
    public required bool IsNotAction { get; init; }

    /// <summary>The resources listed; empty in trust policies, which cover their own role.</summary>
    public required ImmutableArray<ResourcePattern> Resources { get; init; }

    /// <summary>Whether the statement says NotResource.</summary>
    public required bool IsNotResource { get; init; }

    /// <summary>The tests that must all be met, grouped by operator; empty when there is no condition.</summary>
    public required ImmutableArray<Condition> Conditions { get; init; }

    /// <summary>Where the statement stands in the text.</summary>
    public required SourceSpan Span { get; init; }
}
