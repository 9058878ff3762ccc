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

    private const long DefaultSteps = 50_000_000;

    /// <summary>A place is looked at, entered, sorted and compared.</summary>
    private const int StepsPerPlace = 3;

    private readonly GlobAutomata automata;
    private readonly int required;
    private readonly AnalysisBudget budget;
    private readonly int[]? alphabet;

    /// <summary>Prepares the patterns.</summary>
    /// <param name="patterns">At least one.</param>
    /// <param name="isFirstRequired">Only texts that match the first pattern are asked for.</param>
    internal GlobProduct(IReadOnlyList<Glob> patterns, bool isFirstRequired)
        : this(patterns, isFirstRequired ? 1 : 0, new AnalysisBudget(DefaultSteps))
    {
    }

    /// <summary>Prepares the patterns.</summary>
    /// <param name="patterns">At least one.</param>
    /// <param name="required">Only texts that match the first so many are asked for.</param>
    /// <param name="budget">What may be spent.</param>
    /// <param name="isPruned">False for the comparison of both ways of searching.</param>
    /// <param name="alphabet">Only texts of these characters are asked for; null for all.</param>
    internal GlobProduct(IReadOnlyList<Glob> patterns, int required, AnalysisBudget budget, bool isPruned = true, int[]? alphabet = null)
    {
        this.alphabet = alphabet;
        automata = new GlobAutomata(patterns, required, isPruned);
        this.required = required;
        this.budget = budget;
    }

    /// <summary>Whether the enumeration ended because nothing was left, not because of the bound.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>Every class, each once, found while the caller asks for more.</summary>
    internal IEnumerable<GlobClass> Classes()
    {
        IsComplete = false;
        var seenClasses = new HashSet<string>(StringComparer.Ordinal);
        var first = automata.Start();
        var queue = new Queue<(GlobState State, Trail? Text)>([(first, null)]);
        var seen = new HashSet<GlobState> { first };
        while (queue.TryDequeue(out var entry))
        {
            var matches = automata.Accepted(entry.State);
            if (matches.AsSpan(0, required).IndexOf(false) < 0 && seenClasses.Add(Key(matches)))
            {
                yield return new GlobClass(Trail.Read(entry.Text), matches);
            }

            foreach (var character in alphabet ?? automata.Named(entry.State).Prepend(automata.Other))
            {
                if (!budget.TryTake((StepsPerPlace * entry.State.Places.Length) + 1))
                {
                    yield break;
                }

                var next = automata.After(entry.State, character);
                if (!automata.IsAlive(next) || !seen.Add(next))
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

    private static string Key(bool[] matches) => string.Create(matches.Length, matches, (text, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            text[i] = from[i] ? '1' : '0';
        }
    });

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
