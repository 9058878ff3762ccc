namespace KmsGateway.Policy.Documents;

/// <summary>What a JSON value is.</summary>
internal enum SourceNodeKind
{
    None = 0,
    Object,
    Array,
    String,

    /// <summary>Number, true, false or null: no place in a policy takes one.</summary>
    Other,
}

/// <summary>One member of an object; an object keeps all of them, repeated names too.</summary>
internal readonly record struct SourceMember(string Name, int NameStart, SourceNode Value);

/// <summary>A JSON value with its place in the text: { Start: first byte | End: after the last byte }.</summary>
internal sealed record SourceNode(SourceNodeKind Kind, string Text, IReadOnlyList<SourceMember> Members, IReadOnlyList<SourceNode> Items, int Start, int End)
{
    internal bool IsString => Kind == SourceNodeKind.String;

    /// <summary>The value of the first member of that name; duplicates are a fault of their own.</summary>
    internal SourceNode? Find(string name)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                return member.Value;
            }
        }

        return null;
    }
}
