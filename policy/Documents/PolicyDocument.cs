namespace KmsGateway.Policy.Documents;

/// <summary>A policy that the parser accepted. Immutable; only <see cref="PolicyParser"/> makes one.</summary>
public sealed class PolicyDocument
{
    internal PolicyDocument(PolicyKind kind, string source)
    {
        Kind = kind;
        Source = source;
    }

    /// <summary>What the document was parsed as.</summary>
    public PolicyKind Kind { get; }

    /// <summary>The text as it was received.</summary>
    public string Source { get; }
}
