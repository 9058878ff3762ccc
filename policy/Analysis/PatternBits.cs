namespace KmsGateway.Policy.Analysis;

/// <summary>A set of small numbers (patterns, statements) as bits; equal when the members are.</summary>
internal sealed class PatternBits : IEquatable<PatternBits>
{
    private const int WordSize = 64;

    private readonly ulong[] words;

    private PatternBits(ulong[] words) => this.words = words;

    internal static PatternBits Of(int count, IEnumerable<int> members)
    {
        var bits = new PatternBits(new ulong[(count + WordSize - 1) / WordSize]);
        foreach (var member in members)
        {
            bits.words[member / WordSize] |= 1UL << (member % WordSize);
        }

        return bits;
    }

    internal static PatternBits All(int count) => Of(count, Enumerable.Range(0, count));

    internal bool Has(int member) => (words[member / WordSize] >> (member % WordSize) & 1) != 0;

    /// <summary>Whether both have the same members among those of <paramref name="mask"/>.</summary>
    internal bool Agrees(PatternBits other, PatternBits mask)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (((words[i] ^ other.words[i]) & mask.words[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    internal PatternBits Without(int member)
    {
        var rest = new PatternBits([.. words]);
        rest.words[member / WordSize] &= ~(1UL << (member % WordSize));
        return rest;
    }

    internal PatternBits And(PatternBits other)
    {
        var both = new ulong[words.Length];
        for (var i = 0; i < both.Length; i++)
        {
            both[i] = words[i] & other.words[i];
        }

        return new PatternBits(both);
    }

    /// <inheritdoc/>
    public bool Equals(PatternBits? other) => other is not null && words.AsSpan().SequenceEqual(other.words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PatternBits);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var code = default(HashCode);
        foreach (var word in words)
        {
            code.Add(word);
        }

        return code.ToHashCode();
    }
}
