using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Some circumstances worth a try where all are too many: those that meet a statement, or two, and their neighbours.</summary>
internal static class ContextSearch
{
    private const int MaxPoints = 2_000;
    private const int MaxPairs = 100;

    internal static IEnumerable<ContextPoint> Points(IReadOnlyList<KeyCut> cuts, ImmutableArray<SubjectStatement> statements, bool areTags, AnalysisBudget budget)
    {
        if (cuts.Any(cut => cut.Choices.IsEmpty))
        {
            return [];
        }

        return Choices(cuts, statements).Take(MaxPoints).TakeWhile(_ => budget.TryTake(cuts.Count)).Select(choices => ContextSpace.PointOf(cuts, choices, [], areTags));
    }

    private static IEnumerable<KeyChoice[]> Choices(IReadOnlyList<KeyCut> cuts, ImmutableArray<SubjectStatement> statements)
    {
        var conditional = statements.Select(statement => statement.Statement.Conditions).Where(conditions => !conditions.IsEmpty).ToArray();
        var pairs = from one in conditional from other in conditional where one != other select one.AddRange(other);
        KeyChoice[][] starts = [[.. cuts.Select(cut => cut.Choices[0])], .. conditional.Concat(pairs.Take(MaxPairs)).Select(wanted => Meeting(cuts, wanted))];
        return starts.Concat(starts.SelectMany(start => Neighbours(cuts, start)));
    }

    /// <summary>For each key the first choice that meets the conditions on it; the first of all where none does.</summary>
    private static KeyChoice[] Meeting(IReadOnlyList<KeyCut> cuts, ImmutableArray<Condition> wanted) =>
        [.. cuts.Select(cut => cut.Choices.FirstOrDefault(choice => Meets(cut.Key, choice, wanted)) ?? cut.Choices[0])];

    private static bool Meets(ConditionKey key, KeyChoice choice, ImmutableArray<Condition> wanted)
    {
        var context = new ConditionContext(choice.Values.IsEmpty ? [] : [KeyValuePair.Create(key.Text, choice.Values)]);
        return wanted.Where(condition => condition.Key.Is(key.Text)).All(condition => condition.Test(context) == ConditionOutcome.Match);
    }

    private static IEnumerable<KeyChoice[]> Neighbours(IReadOnlyList<KeyCut> cuts, KeyChoice[] start)
    {
        for (var i = 0; i < cuts.Count; i++)
        {
            foreach (var choice in cuts[i].Choices)
            {
                KeyChoice[] next = [.. start];
                next[i] = choice;
                yield return next;
            }
        }
    }
}
