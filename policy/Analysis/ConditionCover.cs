using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>A set of circumstances said in few conditions.</summary>
internal static class ConditionCover
{
    /// <summary>
    /// Disjoint conjunctions that hold exactly the target circumstances, out of all there are. A condition is dropped where no
    /// other circumstance needs it to be kept out; those that are not met go first.
    /// </summary>
    internal static IEnumerable<(ImmutableArray<RegionCondition> Conditions, ContextPoint Point)> Of(
        ImmutableArray<Condition> conditions, ContextPoint[] all, ContextPoint[] targets, AnalysisBudget budget)
    {
        var remaining = targets.Select(point => point.Met).ToHashSet();
        foreach (var seed in targets)
        {
            if (!remaining.Contains(seed.Met))
            {
                continue;
            }

            var mask = (1UL << conditions.Length) - 1;
            foreach (var i in Enumerable.Range(0, conditions.Length).OrderBy(i => seed.Met >> i & 1))
            {
                var wider = mask & ~(1UL << i);
                if (budget.TryTake(all.Length) && all.All(point => ((point.Met ^ seed.Met) & wider) != 0 || remaining.Contains(point.Met)))
                {
                    mask = wider;
                }
            }

            remaining.RemoveWhere(met => ((met ^ seed.Met) & mask) == 0);
            yield return ([.. Enumerable.Range(0, conditions.Length).Where(i => (mask >> i & 1) != 0).Select(i => new RegionCondition(conditions[i], (seed.Met >> i & 1) != 0))], seed);
        }
    }
}
