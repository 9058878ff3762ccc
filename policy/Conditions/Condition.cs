using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Conditions;

/// <summary>How one condition came out.</summary>
public enum ConditionOutcome
{
    /// <summary>Not tested.</summary>
    None = 0,

    /// <summary>Met.</summary>
    Match,

    /// <summary>Not met by the values the request carries.</summary>
    NoMatch,

    /// <summary>Not met because the request does not carry the key (R-CND-5).</summary>
    KeyMissing,

    /// <summary>Not met because no value of the request can be read as the operator's type (R-COP-11).</summary>
    TypeError,
}

/// <summary>One test: operator, key, values. Source: ram-policy.md 5.1.</summary>
public sealed class Condition
{
    private readonly Operands operands;

    internal Condition(ConditionOperator op, ConditionKey key, ImmutableArray<string> values)
    {
        Operator = op;
        Key = key;
        Values = values;
        operands = Operands.Of(op, values);
    }

    /// <summary>The operator.</summary>
    public ConditionOperator Operator { get; }

    /// <summary>The key that it looks at.</summary>
    public ConditionKey Key { get; }

    /// <summary>The values as written, one of which must match.</summary>
    public ImmutableArray<string> Values { get; }

    /// <summary>
    /// Tests the values that <paramref name="context"/> has for the key. Positive: met when one request value matches one
    /// policy value. Negated: met exactly when the positive form is not, a missing key included (R-CND-1, -2, -5, -6).
    /// </summary>
    public ConditionOutcome Test(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (isPresent, isReadable) = (false, false);
        foreach (var (name, values) in context.Entries)
        {
            if (!Key.Is(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                isPresent = true;
                var result = operands.Test(value);
                if (result == OperandResult.Match)
                {
                    return Operator.IsNegated ? ConditionOutcome.NoMatch : ConditionOutcome.Match;
                }

                isReadable |= result == OperandResult.NoMatch;
            }
        }

        if (Operator.IsNegated)
        {
            return ConditionOutcome.Match;
        }

        return (isPresent, isReadable) switch
        {
            (false, _) => ConditionOutcome.KeyMissing,
            (_, false) => ConditionOutcome.TypeError,
            _ => ConditionOutcome.NoMatch,
        };
    }
}
