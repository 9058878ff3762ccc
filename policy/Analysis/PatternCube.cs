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
    /// <param name="canDrop">False where classes may be missing: then only the whole description is safe.</param>
    /// <param name="budget">When it is spent, the rest is described in full.</param>
    internal static List<(PatternCube<T> Cube, List<int> Classes)> Of<T>(
        IReadOnlyList<PatternBits> all, IEnumerable<int> targets, IReadOnlyList<T> patterns, bool canDrop, AnalysisBudget budget)
        where T : class
    {
        var cubes = new List<(PatternCube<T>, List<int>)>();
        var remaining = targets.ToHashSet();
        var widths = patterns.Select((_, i) => canDrop ? all.Count(one => one.Has(i)) : 0).ToArray();
        while (remaining.Count > 0)
        {
            var seed = remaining.Min();
            var kept = Enumerable.Range(0, patterns.Count).ToList();
            var order = kept.OrderBy(i => all[seed].Has(i)).ThenByDescending(i => widths[i]).ToArray();

            // Invariant: no class outside the remaining ones agrees with the seed on every pattern kept.
            foreach (var pattern in order)
            {
                if (!canDrop || !budget.TryTake(all.Count))
                {
                    break;
                }

                kept.Remove(pattern);
                if (Agreeing(all, seed, kept).Any(one => !remaining.Contains(one)))
                {
                    kept.Add(pattern);
                }
            }

            kept.Sort();
            var held = Agreeing(all, seed, kept).ToList();
            remaining.ExceptWith(held);
            cubes.Add((new PatternCube<T>([.. kept.Where(all[seed].Has).Select(i => patterns[i])], [.. kept.Where(i => !all[seed].Has(i)).Select(i => patterns[i])]), held));
        }

        return cubes;
    }

    private static IEnumerable<int> Agreeing(IReadOnlyList<PatternBits> all, int seed, List<int> kept) =>
        Enumerable.Range(0, all.Count).Where(one => kept.TrueForAll(pattern => all[one].Has(pattern) == all[seed].Has(pattern)));
}
