using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// Values of a key that some conditions read as text and others as a number, date, Boolean or address. A value lies in a class of
/// texts and in a class of typed values; for each pair of classes a common value is looked for. There is none where all texts of
/// the class were tried, or where the characters of the kind make none of them; otherwise it is not known.
/// </summary>
internal static class MixedValues
{
    private static readonly string[] Rests = ["", "0", "1", ".0.0", "0.0.0", "0.0", "01-01T00:00:00Z", "-01-01T00:00:00Z", "::", "::1"];

    internal static (IEnumerable<string> Values, bool IsComplete) Of(
        ImmutableArray<Condition> conditions, KeyDomain domain, ImmutableArray<string> classes, string[] typed, AnalysisBudget budget)
    {
        ImmutableArray<Condition> texts = [.. conditions.Where(TextValues.IsText)];
        ImmutableArray<Condition> others = [.. conditions.Where(condition => !TextValues.IsText(condition))];
        var kinds = typed.Select(TypedValues.KindOf).Distinct().ToDictionary(kind => kind, kind => new MixedKind(texts, kind, budget));
        string[] values =
        [
            .. typed, .. classes, .. kinds.Values.SelectMany(kind => kind.Values), .. texts.SelectMany(condition => condition.Values).SelectMany(Starts), .. typed.SelectMany(TypedValues.Notations),
        ];
        values = [.. values.Distinct(StringComparer.Ordinal).Where(value => TypedValues.IsReadable(domain.Kind, value))];
        budget.TryTake((long)values.Length * conditions.Length);

        var found = values.Select(value => (Met(texts, value), Met(others, value))).ToHashSet();
        var isComplete = classes.Select(text => Met(texts, text)).Distinct().All(met =>
            typed.All(value => found.Contains((met, Met(others, value))) || kinds[TypedValues.KindOf(value)].Excludes(met)));
        return (values, isComplete);
    }

    internal static PatternBits Met(ImmutableArray<Condition> conditions, string value)
    {
        var context = new ConditionContext(conditions.IsEmpty ? [] : [KeyValuePair.Create(conditions[0].Key.Text, ImmutableArray.Create(value))]);
        return PatternBits.Of(conditions.Length, Enumerable.Range(0, conditions.Length).Where(i => conditions[i].Test(context) == ConditionOutcome.Match));
    }

    /// <summary>Typed values that a pattern like <c>10.1.*</c> or <c>2026-*</c> begins.</summary>
    private static IEnumerable<string> Starts(string pattern) =>
        Rests.Select(rest => pattern.Replace("*", rest, StringComparison.Ordinal).Replace('?', '1'));
}

/// <summary>The texts of one kind of value among those that text conditions tell apart.</summary>
internal sealed class MixedKind
{
    private readonly ImmutableArray<string>?[] lists;
    private readonly HashSet<PatternBits>? reachable;

    internal MixedKind(ImmutableArray<Condition> texts, ConditionValueKind kind, AnalysisBudget budget)
    {
        // Why: what no kind reads may have any character.
        var alphabet = kind == ConditionValueKind.Text ? null : TypedValues.AlphabetOf(kind);
        lists = [.. texts.Select(condition => TextValues.AllMeeting(condition, alphabet))];
        var members = alphabet is null ? [] : TextValues.TellingApart(texts, budget, alphabet);
        Values = [.. lists.SelectMany(list => list ?? []), .. members ?? []];
        reachable = alphabet is null || members is null ? null : [.. members.Value.Select(text => MixedValues.Met(texts, text))];
    }

    /// <summary>Values worth a try.</summary>
    internal ImmutableArray<string> Values { get; }

    /// <summary>Whether a class of texts was tried in full, or has no text of this kind.</summary>
    internal bool Excludes(PatternBits met) =>
        reachable?.Contains(met) == false || Enumerable.Range(0, lists.Length).Any(i => met.Has(i) && lists[i] is not null);
}
