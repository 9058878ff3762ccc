using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Circumstances that meet the same conditions, by one of them.</summary>
/// <param name="Met">The conditions met, one bit each, in the order of <see cref="ContextSpace.Conditions"/>; 0 where there are too many.</param>
/// <param name="Context">Condition keys, tags left out.</param>
/// <param name="Tags">Tags.</param>
internal sealed record ContextPoint(ulong Met, ConditionContext Context, ImmutableArray<KeyValuePair<string, string>> Tags)
{
    /// <summary>No key is there.</summary>
    internal static ContextPoint Nothing { get; } = new(0, ConditionContext.Empty, []);
}

/// <summary>All circumstances that the conditions of some statements can tell apart.</summary>
/// <param name="Conditions">The conditions, none negated, each once.</param>
/// <param name="Points">The circumstances; where <paramref name="Reason"/> is given, some of them.</param>
/// <param name="Reason">Why they may not be all.</param>
internal sealed record ContextSpace(ImmutableArray<Condition> Conditions, IEnumerable<ContextPoint> Points, UnknownReason Reason)
{
    internal static ContextSpace Of(ImmutableArray<SubjectStatement> statements, bool carriesTags, PolicyPrincipal? principal, CallModel model, AnalysisBudget budget)
    {
        var conditions = ConditionAtoms.Of(statements.Select(statement => statement.Statement));
        var keys = new List<(ConditionKey Key, List<Condition> Conditions)>();
        foreach (var condition in conditions)
        {
            var known = keys.Find(one => one.Key.Is(condition.Key.Text)).Conditions;
            if (known is null)
            {
                keys.Add((condition.Key, [condition]));
            }
            else
            {
                known.Add(condition);
            }
        }

        KeyCut[] cuts = [.. keys.Select(one => KeyCut.Of(one.Key, [.. one.Conditions], KeyDomain.Of(one.Key, model, carriesTags, principal), budget))];
        var areTags = model == CallModel.Gateway;
        if (conditions.Length > AnalysisOptions.MaxConditions)
        {
            return new ContextSpace(conditions, ContextSearch.Points(cuts, statements, areTags, budget), UnknownReason.TooManyConditions);
        }

        var points = Joined(cuts).TakeWhile(_ => budget.TryTake((conditions.Length + 1) * (cuts.Length + 1))).Select(choices => PointOf(cuts, choices, conditions, areTags));
        var lacking = budget.IsSpent ? UnknownReason.OutOfSteps : UnknownReason.MixedConditions;
        return new ContextSpace(conditions, points, Array.TrueForAll(cuts, cut => cut.IsComplete) ? UnknownReason.None : lacking);
    }

    /// <summary>The point where each key has the choice given for it.</summary>
    internal static ContextPoint PointOf(IReadOnlyList<KeyCut> cuts, IReadOnlyList<KeyChoice> choices, ImmutableArray<Condition> conditions, bool areTags)
    {
        var carried = cuts.Zip(choices).Where(one => !one.Second.Values.IsEmpty).Select(one => KeyValuePair.Create(one.First.Key.Text, one.Second.Values)).ToArray();
        var isTag = carried.ToLookup(entry => areTags && KeyDomain.IsTag(entry.Key));
        var whole = new ConditionContext(carried);
        var met = 0UL;
        for (var i = 0; i < conditions.Length; i++)
        {
            met |= conditions[i].Test(whole) == ConditionOutcome.Match ? 1UL << i : 0;
        }

        return new ContextPoint(
            met,
            new ConditionContext(isTag[false]),
            [.. isTag[true].Select(entry => KeyValuePair.Create(entry.Key[(entry.Key.IndexOf('/', StringComparison.Ordinal) + 1)..], entry.Value[0]))]);
    }

    /// <summary>Every choice of one key with every choice of the others; keys do not depend on each other.</summary>
    private static IEnumerable<ImmutableArray<KeyChoice>> Joined(IEnumerable<KeyCut> cuts) => cuts.Aggregate(
        (IEnumerable<ImmutableArray<KeyChoice>>)[[]],
        (joined, cut) => from start in joined from choice in cut.Choices select start.Add(choice));
}
