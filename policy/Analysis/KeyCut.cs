using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>What a request may carry for a key, as far as conditions tell it apart.</summary>
/// <param name="Key">The key.</param>
/// <param name="Choices">Values, none where the key is missing; each meets other conditions.</param>
/// <param name="IsComplete">Whether there is a choice for everything that conditions tell apart.</param>
internal sealed record KeyCut(ConditionKey Key, ImmutableArray<KeyChoice> Choices, bool IsComplete)
{
    private const int MaxChoices = 1 << AnalysisOptions.MaxConditions;

    /// <summary>Cuts the values of a key by the conditions on it.</summary>
    internal static KeyCut Of(ConditionKey key, ImmutableArray<Condition> conditions, KeyDomain domain, AnalysisBudget budget)
    {
        var choices = new Dictionary<PatternBits, KeyChoice>();
        if (domain.CanBeMissing)
        {
            Add([]);
        }

        var (values, isComplete) = Values(conditions, domain, budget);
        foreach (var value in values)
        {
            budget.TryTake(conditions.Length);
            Add([value]);
        }

        if (domain.CanHoldSeveral)
        {
            isComplete &= AddUnions(choices, conditions, key, budget);
        }

        return new KeyCut(key, [.. choices.Values], isComplete && !budget.IsSpent);

        void Add(ImmutableArray<string> carried)
        {
            var choice = KeyChoice.Of(key, carried, conditions);
            choices.TryAdd(choice.Met, choice);
        }
    }

    /// <summary>Several values meet what one of them meets (R-CND-6), so the choices are closed under union.</summary>
    private static bool AddUnions(Dictionary<PatternBits, KeyChoice> choices, ImmutableArray<Condition> conditions, ConditionKey key, AnalysisBudget budget)
    {
        var single = choices.Values.Where(choice => !choice.Values.IsEmpty).ToArray();
        var queue = new Queue<KeyChoice>(single);
        while (queue.TryDequeue(out var one))
        {
            foreach (var other in single)
            {
                if (choices.Count > MaxChoices || !budget.TryTake(conditions.Length))
                {
                    return false;
                }

                var both = KeyChoice.Of(key, [.. one.Values.Union(other.Values, StringComparer.Ordinal)], conditions);
                if (choices.TryAdd(both.Met, both))
                {
                    queue.Enqueue(both);
                }
            }
        }

        return true;
    }

    /// <summary>Values for everything that the conditions tell apart, and whether they are all that is needed.</summary>
    private static (IEnumerable<string> Values, bool IsComplete) Values(ImmutableArray<Condition> conditions, KeyDomain domain, AnalysisBudget budget)
    {
        if (!domain.Only.IsDefault)
        {
            return (domain.Only, true);
        }

        Condition[] texts = [.. conditions.Where(TextValues.IsText)];
        string[] typed = [.. TypedValues.TellingApart(conditions, domain.Kind)];
        var isTyped = domain.Kind != ConditionValueKind.Text || texts.Length < conditions.Length;
        if (texts.Length == 0)
        {
            return (typed, true);
        }

        var classes = TextValues.TellingApart(texts, budget);
        if (!isTyped)
        {
            return (classes ?? [], classes is not null);
        }

        return classes is null ? (typed, false) : MixedValues.Of(conditions, domain, classes.Value, typed, budget);
    }
}

/// <summary>The values that a request carries for a key, none where it is missing, and the conditions on the key that they meet.</summary>
internal sealed record KeyChoice(ImmutableArray<string> Values, PatternBits Met)
{
    internal static KeyChoice Of(ConditionKey key, ImmutableArray<string> values, ImmutableArray<Condition> conditions)
    {
        var context = new ConditionContext(values.IsEmpty ? [] : [KeyValuePair.Create(key.Text, values)]);
        return new KeyChoice(values, PatternBits.Of(conditions.Length, Enumerable.Range(0, conditions.Length).Where(i => conditions[i].Test(context) == ConditionOutcome.Match)));
    }
}
