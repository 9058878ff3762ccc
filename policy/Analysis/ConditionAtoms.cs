using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Analysis;

/// <summary>The conditions of statements as tests that are true or false of a request, each once, none negated.</summary>
internal static class ConditionAtoms
{
    /// <summary>A negated operator is the opposite of its positive form (R-CND-6), so both are one test.</summary>
    internal static ImmutableArray<Condition> Of(IEnumerable<Statement> statements)
    {
        var keys = new List<ConditionKey>();
        return
        [
            .. statements.SelectMany(statement => statement.Conditions).Select(Positive)
                .DistinctBy(condition => $"{condition.Operator} {KeyIndex(keys, condition.Key)} {string.Join('\n', condition.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(value => $"{value.Length} {value}"))}", StringComparer.Ordinal),
        ];
    }

    private static int KeyIndex(List<ConditionKey> keys, ConditionKey key)
    {
        var index = keys.FindIndex(known => known.Is(key.Text));
        if (index < 0)
        {
            keys.Add(key);
        }

        return index < 0 ? keys.Count - 1 : index;
    }

    private static Condition Positive(Condition condition) => condition.Operator.IsNegated
        ? new Condition(
            ConditionOperators.All.Single(op => !op.IsNegated && op.ValueKind == condition.Operator.ValueKind && op.Comparison == condition.Operator.Comparison),
            condition.Key,
            condition.Values)
        : condition;
}
