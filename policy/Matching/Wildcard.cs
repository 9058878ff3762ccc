namespace KmsGateway.Policy.Matching;

/// <summary>
/// A pattern over a whole text: <c>*</c> is any run of characters, <c>?</c> exactly one Unicode code point, everything else
/// itself; there is no escape. Prepared once; matching allocates nothing and takes at worst pattern x text steps, with one
/// point to return to. Source: ram-policy.md 4.1.
/// </summary>
internal sealed class Wildcard
{
    private readonly string pattern;
    private readonly bool ignoresCase;
    private readonly Shape shape;

    /// <summary>Prepares a pattern.</summary>
    /// <param name="pattern">The pattern; ASCII only where <paramref name="ignoresAsciiCase"/>.</param>
    /// <param name="ignoresAsciiCase">ASCII letters match in either case (actions, R-ACT-3).</param>
    internal Wildcard(string pattern, bool ignoresAsciiCase = false)
    {
        ignoresCase = ignoresAsciiCase;
        this.pattern = ignoresAsciiCase ? pattern.ToLowerInvariant() : pattern;
        LiteralPrefixLength = pattern.AsSpan().IndexOfAny('*', '?') is var first and >= 0 ? first : pattern.Length;
        shape = (pattern.Length - LiteralPrefixLength, pattern) switch
        {
            (0, _) => Shape.Literal,
            (1, [.., '*']) => Shape.Prefix,
            _ => Shape.General,
        };
    }

    private enum Shape
    {
        None = 0,
        Literal,
        Prefix,
        General,
    }

    /// <summary>The pattern, in lower case where letter case is ignored.</summary>
    internal string Pattern => pattern;

    /// <summary>How much of the pattern stands before the first wildcard.</summary>
    internal int LiteralPrefixLength { get; }

    internal bool IsLiteral => shape == Shape.Literal;

    /// <summary>A literal text and one closing <c>*</c>.</summary>
    internal bool IsPrefix => shape == Shape.Prefix;

    internal bool IsMatch(ReadOnlySpan<char> text)
    {
        var counter = default(NoCounter);
        return shape switch
        {
            Shape.Literal => Equal(pattern, text),
            Shape.Prefix => text.Length >= LiteralPrefixLength
                && Equal(pattern.AsSpan(0, LiteralPrefixLength), text[..LiteralPrefixLength]),
            _ => Walk(text, ref counter),
        };
    }

    /// <summary>The general algorithm, whatever the shape, with the steps it took.</summary>
    internal bool IsMatch(ReadOnlySpan<char> text, out long steps)
    {
        var counter = default(Counter);
        var isMatch = Walk(text, ref counter);
        steps = counter.Steps;
        return isMatch;
    }

    private bool Equal(ReadOnlySpan<char> literal, ReadOnlySpan<char> text) =>
        ignoresCase
            ? System.Text.Ascii.EqualsIgnoreCase(literal, text)
            : literal.SequenceEqual(text);

    private bool Walk<TCounter>(ReadOnlySpan<char> text, ref TCounter counter)
        where TCounter : struct, IStepCounter
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            counter.Step();
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && pattern[p] == '?')
            {
                p++;
                t += CodePointLength(text, t);
            }
            else if (p < pattern.Length && pattern[p] == Fold(text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // Invariant: only the last star is ever widened; a wider earlier one could not help.
                p = star + 1;
                resume += CodePointLength(text, resume);
                t = resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    private char Fold(char c) => ignoresCase && char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    private static int CodePointLength(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    private interface IStepCounter
    {
        void Step();
    }

    private readonly struct NoCounter : IStepCounter
    {
        public void Step()
        {
            // Why: the live path does not count; the call disappears when compiled.
        }
    }

    private struct Counter : IStepCounter
    {
        internal long Steps;

        public void Step() => Steps++;
    }
}
