namespace KmsGateway.Policy.Analysis;

/// <summary>The places that all automata stand at, one bit each; equal when the places are.</summary>
internal sealed class GlobState : IEquatable<GlobState>
{
    private readonly ulong[] bits;
    private readonly int hash;

    private GlobState(ulong[] bits)
    {
        this.bits = bits;
        var code = default(HashCode);
        foreach (var word in bits)
        {
            code.Add(word);
        }

        hash = code.ToHashCode();
    }

    /// <summary>Every automaton at its first step.</summary>
    internal static GlobState Of(GlobStep[] steps, int[] starts)
    {
        var places = new ulong[(steps.Length + 63) / 64];
        for (var i = 0; i + 1 < starts.Length; i++)
        {
            Enter(places, starts[i], steps);
        }

        return new GlobState(places);
    }

    internal bool Has(int place) => (bits[place / 64] >> (place % 64) & 1) != 0;

    internal bool IsAlive(int from, int to)
    {
        for (var place = from; place < to; place++)
        {
            if (Has(place))
            {
                return true;
            }
        }

        return false;
    }

    internal GlobState After(int character, GlobStep[] steps, int[] starts)
    {
        var next = new ulong[bits.Length];
        for (var i = 0; i + 1 < starts.Length; i++)
        {
            Walk(next, character, steps, starts[i], starts[i + 1]);
        }

        return new GlobState(next);
    }

    /// <inheritdoc/>
    public bool Equals(GlobState? other) => other is not null && bits.AsSpan().SequenceEqual(other.bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GlobState);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>
    /// From the last place back: once a run is entered that the automaton may stay in, what lies before it can lead to nothing
    /// more, because every way onwards passes through that run. Keeps the states few.
    /// </summary>
    private void Walk(ulong[] next, int character, GlobStep[] steps, int from, int to)
    {
        for (var place = to - 1; place >= from; place--)
        {
            if (!Has(place) || !steps[place].Takes(character))
            {
                continue;
            }

            var isRun = steps[place].CodePoint == GlobStep.Many;
            Enter(next, isRun ? place : place + 1, steps);
            if (isRun)
            {
                return;
            }
        }
    }

    private static void Enter(ulong[] bits, int place, GlobStep[] steps)
    {
        bits[place / 64] |= 1UL << (place % 64);
        while (steps[place].CodePoint == GlobStep.Many)
        {
            place++;
            bits[place / 64] |= 1UL << (place % 64);
        }
    }
}
