using System.Collections.Immutable;

namespace KmsGateway.Policy.Documents;

/// <summary>A policy that the parser accepted. Immutable; only <see cref="PolicyParser"/> makes one.</summary>
public sealed class PolicyDocument
{
    internal PolicyDocument(PolicyKind kind, string source, ImmutableArray<Statement> statements)
    {
        Kind = kind;
        Source = source;
        Statements = statements;
    }

    /// <summary>What the document was parsed as.</summary>
    public PolicyKind Kind { get; }

    /// <summary>The text as it was received.</summary>
    public string Source { get; }

    /// <summary>The statements, in order; never empty.</summary>
    public ImmutableArray<Statement> Statements { get; }
}
