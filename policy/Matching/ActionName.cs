namespace KmsGateway.Policy.Matching;

/// <summary>The action that a request asks for, <c>service:name</c>, split without copying.</summary>
internal readonly ref struct ActionName
{
    private readonly int colon;

    internal ActionName(string text)
    {
        Text = text;
        colon = text.IndexOf(':', StringComparison.Ordinal);
    }

    internal string Text { get; }

    /// <summary>Whether it is a name at all: one colon with something on both sides.</summary>
    internal bool IsValid => colon > 0 && colon < Text.Length - 1 && !Name.Contains(':');

    internal ReadOnlySpan<char> Service => Text.AsSpan(0, colon);

    internal ReadOnlySpan<char> Name => Text.AsSpan(colon + 1);
}
