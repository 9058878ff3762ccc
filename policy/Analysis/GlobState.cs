namespace KmsGateway.Policy.Analysis;

/// <summary>The places that all automata stand at, ascending; equal when the places are.</summary>
internal sealed class GlobState : IEquatable<GlobState>
{
    private readonly int[] places;
    private readonly int hash;

    internal GlobState(ReadOnlySpan<int> ascending)
    {
        places = ascending.ToArray();
        var code = default(HashCode);
        foreach (var place in places)
        {
            code.Add(place);
        }

        hash = code.ToHashCode();
    }

    internal ReadOnlySpan<int> Places => places;

    /// <inheritdoc/>
    public bool Equals(GlobState? other) => other is not null && hash == other.hash && places.AsSpan().SequenceEqual(other.places);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GlobState);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}
