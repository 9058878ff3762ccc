using System.Text;

namespace KmsGateway.Policy.Analysis;

/// <summary>A set of texts that match the same patterns, by one of its shortest members.</summary>
/// <param name="Text">The member.</param>
/// <param name="Matches">Per pattern, whether the member matches it.</param>
internal sealed record GlobClass(string Text, bool[] Matches);

/// <summary>
/// The automata of several patterns run side by side, breadth first, over the characters that the patterns name and one that
/// none names: exact, since all other characters behave as that one. What does not fit the bound is said, never guessed.
/// </summary>
internal sealed class GlobProduct
{
    /// <summary>States looked at before giving up.</summary>
    internal const int MaxStates = 20_000;

    private readonly GlobStep[] steps;
    private readonly int[] starts;
    private readonly int[] alphabet;
    private readonly bool isFirstRequired;
    private readonly AnalysisBudget budget;

    /// <summary>Prepares the patterns.</summary>
    /// <param name="patterns">At least one.</param>
    /// <param name="isFirstRequired">Only texts that match the first pattern are asked for.</param>
    internal GlobProduct(IReadOnlyList<Glob> patterns, bool isFirstRequired)
        : this(patterns, isFirstRequired ? 1 : 0, new AnalysisBudget(long.MaxValue))
    {
    }

    /// <summary>Prepares the patterns.</summary>
    /// <param name="patterns">At least one.</param>
    /// <param name="required">1 when only texts that match the first pattern are asked for, else 0.</param>
    /// <param name="budget">One step per place looked at.</param>
    internal GlobProduct(IReadOnlyList<Glob> patterns, int required, AnalysisBudget budget)
    {
        isFirstRequired = required > 0;
        this.budget = budget;
        starts = new int[patterns.Count + 1];
        var all = new List<GlobStep>();
        for (var i = 0; i < patterns.Count; i++)
        {
            starts[i] = all.Count;
            all.AddRange(patterns[i].Steps);

            // The accepting place: no character leads out of it.
            all.Add(new GlobStep(int.MaxValue, false));
        }

        starts[^1] = all.Count;
        steps = [.. all];
        alphabet = Alphabet(all);
    }

    /// <summary>Whether the enumeration ended because nothing was left, not because of the bound.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Every class, each once, found while the caller asks for more.</summary>
    internal IEnumerable<GlobClass> Classes()
    {
        IsComplete = false;
        var seenClasses = new HashSet<string>(StringComparer.Ordinal);
        var first = GlobState.Of(steps, starts);
        var queue = new Queue<(GlobState State, Trail? Text)>([(first, null)]);
        var seen = new HashSet<GlobState> { first };
        while (queue.TryDequeue(out var entry))
        {
            if (!budget.TryTake((long)alphabet.Length * steps.Length))
            {
                yield break;
            }

            var matches = Accepted(entry.State);
            if ((!isFirstRequired || matches[0]) && seenClasses.Add(Key(matches)))
            {
                yield return new GlobClass(Trail.Read(entry.Text), matches);
            }

            foreach (var character in alphabet)
            {
                var next = entry.State.After(character, steps, starts);
                if ((isFirstRequired && !next.IsAlive(starts[0], starts[1])) || !seen.Add(next))
                {
                    continue;
                }

                if (seen.Count > MaxStates)
                {
                    yield break;
                }

                queue.Enqueue((next, new Trail(entry.Text, character)));
            }
        }

        IsComplete = true;
    }

    private bool[] Accepted(GlobState state)
    {
        var matches = new bool[starts.Length - 1];
        for (var i = 0; i < matches.Length; i++)
        {
            matches[i] = state.Has(starts[i + 1] - 1);
        }

        return matches;
    }

    private static string Key(bool[] matches) => string.Create(matches.Length, matches, (text, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            text[i] = from[i] ? '1' : '0';
        }
    });

    /// <summary>The characters named, the colon, and a readable one that is none of them.</summary>
    private static int[] Alphabet(List<GlobStep> steps)
    {
        var named = steps.Where(step => step.CodePoint is >= 0 and < int.MaxValue).Select(step => step.CodePoint).Append(':').ToHashSet();
        const string preferred = "xyzabcdefghijklmnopqrstuvw0123456789XYZ";
        var other = preferred.Select(c => (int)c).Concat(Enumerable.Range(0x4E00, named.Count + 1)).First(c => !named.Contains(c));
        return [other, .. named.Order()];
    }

    private sealed record Trail(Trail? Before, int Character)
    {
        internal static string Read(Trail? trail)
        {
            var characters = new Stack<Rune>();
            for (; trail is not null; trail = trail.Before)
            {
                characters.Push(new Rune(trail.Character));
            }

            return string.Concat(characters);
        }
    }
}
