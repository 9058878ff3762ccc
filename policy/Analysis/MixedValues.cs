using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// Values of a key that some conditions read as text and others as a number, date, Boolean or address. A value lies in a class of
/// texts and in a class of typed values; for each pair of classes a common value is looked for. Where none is found and the
/// class of texts cannot be listed, it is not known whether there is one.
/// </summary>
internal static class MixedValues
{
    private static readonly string[] Rests = ["", "0", "1", ".0.0", "0.0.0", "0.0", "01-01T00:00:00Z", "-01-01T00:00:00Z", "::", "::1"];

    internal static (IEnumerable<string> Values, bool IsComplete) Of(
        ImmutableArray<Condition> conditions, KeyDomain domain, ImmutableArray<string> classes, string[] typed, AnalysisBudget budget)
    {
        ImmutableArray<Condition> texts = [.. conditions.Where(TextValues.IsText)];
        ImmutableArray<Condition> others = [.. conditions.Where(condition => !TextValues.IsText(condition))];
        var lists = texts.Select(TextValues.AllMeeting).ToArray();
        string[] values =
        [
            .. typed, .. classes, .. lists.SelectMany(list => list ?? []), .. texts.SelectMany(condition => condition.Values).SelectMany(Starts), .. typed.SelectMany(TypedValues.Notations),
        ];
        values = [.. values.Distinct(StringComparer.Ordinal).Where(value => TypedValues.IsReadable(domain.Kind, value))];
        budget.TryTake((long)values.Length * conditions.Length);

        var found = values.Select(value => (Met(texts, value), Met(others, value))).ToHashSet();
        var ofTyped = typed.Select(value => Met(others, value)).ToHashSet();
        var isComplete = classes.All(text => IsListed(Met(texts, text), lists) || ofTyped.All(of => found.Contains((Met(texts, text), of))));
        return (values, isComplete);
    }

    /// <summary>Whether a class of texts lies within a condition whose texts were all tried.</summary>
    private static bool IsListed(PatternBits met, ImmutableArray<string>?[] lists) =>
        Enumerable.Range(0, lists.Length).Any(i => met.Has(i) && lists[i] is not null);

    /// <summary>Typed values that a pattern like <c>10.1.*</c> or <c>2026-*</c> begins.</summary>
    private static IEnumerable<string> Starts(string pattern) =>
        Rests.Select(rest => pattern.Replace("*", rest, StringComparison.Ordinal).Replace('?', '1'));

    private static PatternBits Met(ImmutableArray<Condition> conditions, string value)
    {
        var context = new ConditionContext([KeyValuePair.Create(conditions.IsEmpty ? "" : conditions[0].Key.Text, ImmutableArray.Create(value))]);
        return PatternBits.Of(conditions.Length, Enumerable.Range(0, conditions.Length).Where(i => conditions[i].Test(context) == ConditionOutcome.Match));
    }
}
