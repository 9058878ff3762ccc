using System.Collections.Immutable;

namespace KmsGateway.Policy.Documents;

/// <summary>Why a document is refused. Source: ram-policy.md 3, README of the golden cases.</summary>
/// <param name="Reason">The reason code: <c>MalformedJson</c>, <c>DuplicateMember</c>, ...</param>
/// <param name="Pointer">RFC 6901; empty for faults of the whole text.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
/// <param name="Column">From 1, in characters; 0 when unknown.</param>
/// <param name="Detail">One sentence for a person; quotes no more than a short, escaped piece of the input.</param>
public sealed record PolicyFault(string Reason, string Pointer, int Line, int Column, string Detail)
{
    /// <summary>The member that is absent, when <see cref="Reason"/> is MissingMember; otherwise null.</summary>
    public string? Member { get; init; }

    /// <summary>The piece of text at fault: a value, a member with its name, or an empty piece; all zero when <see cref="Line"/> is.</summary>
    public SourceSpan Span { get; init; }
}

/// <summary>A document, or the faults that keep it from being one.</summary>
/// <param name="Document">The document when <see cref="IsValid"/>.</param>
/// <param name="Faults">Empty when <see cref="IsValid"/>.</param>
public sealed record PolicyParseResult(PolicyDocument? Document, ImmutableArray<PolicyFault> Faults)
{
    /// <summary>Whether the document may be stored and evaluated.</summary>
    public bool IsValid => Document is not null;
}
