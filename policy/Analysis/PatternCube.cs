using System.Collections.Immutable;

namespace KmsGateway.Policy.Analysis;

/// <summary>Names that are covered by some patterns and not by others.</summary>
/// <param name="Covered">All of these cover them.</param>
/// <param name="Excluded">None of these does.</param>
internal sealed record PatternCube<T>(ImmutableArray<T> Covered, ImmutableArray<T> Excluded)
    where T : class
{
    internal bool Covers(Func<T, bool> covers) => Covered.All(covers) && !Excluded.Any(covers);

    /// <inheritdoc/>
    public override string ToString()
    {
        var covered = Covered.IsEmpty ? "*" : string.Join(" and ", Covered);
        return Excluded.IsEmpty ? covered : $"{covered} except {string.Join(", ", Excluded)}";
    }
}

/// <summary>A union of classes said in few words.</summary>
internal static class PatternCover
{
    /// <summary>
    /// Disjoint cubes that hold exactly the target classes. From each class not yet held every pattern is dropped that is not
    /// needed to keep the others out: first those that do not cover it, then those that do, the widest first.
    /// </summary>
    /// <param name="all">Every class there is.</param>
    /// <param name="targets">Indices of the classes to hold.</param>
    /// <param name="patterns">The patterns of the classes.</param>
    /// <param name="budget">What may be spent.</param>
    /// <returns>Null when the budget was spent.</returns>
    internal static ImmutableArray<PatternCube<T>>? Of<T>(
        IReadOnlyList<PatternBits> all, IEnumerable<int> targets, IReadOnlyList<T> patterns, AnalysisBudget budget)
        where T : class
    {
        var cubes = ImmutableArray.CreateBuilder<PatternCube<T>>();
        var remaining = targets.ToHashSet();
        var widths = patterns.Select((_, i) => all.Count(one => one.Has(i))).ToArray();
        while (remaining.Count > 0)
        {
            var seed = all[remaining.Min()];
            if (!budget.TryTake((long)all.Count * (patterns.Count + 1)))
            {
                return null;
            }

            var kept = Kept(all, seed, remaining, widths);
            remaining.RemoveWhere(one => all[one].Agrees(seed, kept));
            var members = Enumerable.Range(0, patterns.Count).Where(kept.Has).ToLookup(seed.Has, i => patterns[i]);
            cubes.Add(new PatternCube<T>([.. members[true]], [.. members[false]]));
        }

        return cubes.ToImmutable();
    }

    /// <summary>The patterns that keep every class out that is not among the remaining ones.</summary>
    private static PatternBits Kept(IReadOnlyList<PatternBits> all, PatternBits seed, HashSet<int> remaining, int[] widths)
    {
        var kept = PatternBits.All(widths.Length);
        foreach (var pattern in Enumerable.Range(0, widths.Length).OrderBy(seed.Has).ThenByDescending(i => widths[i]))
        {
            var fewer = kept.Without(pattern);
            var isSafe = true;
            for (var one = 0; one < all.Count && isSafe; one++)
            {
                isSafe = !all[one].Agrees(seed, fewer) || remaining.Contains(one);
            }

            kept = isSafe ? fewer : kept;
        }

        return kept;
    }
}
