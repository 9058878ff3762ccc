using System.Collections.Immutable;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Conditions;

/// <summary>What one request value makes of the policy values.</summary>
internal enum OperandResult
{
    None = 0,

    /// <summary>One of them matches.</summary>
    Match,

    /// <summary>None matches.</summary>
    NoMatch,

    /// <summary>The request value cannot be read as the type (R-COP-11).</summary>
    Unreadable,
}

/// <summary>The values of one condition, read when the policy was parsed; a request value is read once per test.</summary>
internal abstract class Operands
{
    internal abstract OperandResult Test(string requestValue);

    internal static Operands Of(ConditionOperator op, ImmutableArray<string> values) => op.ValueKind switch
    {
        ConditionValueKind.Text => new TextOperands(values, StringComparison.Ordinal),
        ConditionValueKind.TextIgnoringCase => new TextOperands(values, StringComparison.OrdinalIgnoreCase),
        ConditionValueKind.Pattern => new PatternOperands(values),
        ConditionValueKind.Number => new OrderedOperands<decimal>(values, NumberText.TryParse, op.Comparison),
        ConditionValueKind.Date => new OrderedOperands<long>(values, DateText.TryParse, op.Comparison),
        ConditionValueKind.Boolean => new OrderedOperands<bool>(values, BooleanText.TryParse, op.Comparison),
        ConditionValueKind.Address => new AddressOperands(values),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op.ValueKind, "An operator reads one of seven kinds of value."),
    };

    private sealed class TextOperands(ImmutableArray<string> values, StringComparison comparison) : Operands
    {
        internal override OperandResult Test(string requestValue)
        {
            foreach (var value in values)
            {
                if (string.Equals(value, requestValue, comparison))
                {
                    return OperandResult.Match;
                }
            }

            return OperandResult.NoMatch;
        }
    }

    private sealed class PatternOperands(ImmutableArray<string> values) : Operands
    {
        private readonly Wildcard[] patterns = [.. values.Select(value => new Wildcard(value))];

        internal override OperandResult Test(string requestValue)
        {
            foreach (var pattern in patterns)
            {
                if (pattern.IsMatch(requestValue))
                {
                    return OperandResult.Match;
                }
            }

            return OperandResult.NoMatch;
        }
    }

    private sealed class OrderedOperands<T>(ImmutableArray<string> values, ConditionTextReader<T> read, ConditionComparison comparison) : Operands
        where T : struct, IComparable<T>
    {
        private readonly T[] operands = ConditionText.ReadAll(values, read);

        internal override OperandResult Test(string requestValue)
        {
            if (!read(requestValue, out var found))
            {
                return OperandResult.Unreadable;
            }

            foreach (var wanted in operands)
            {
                if (IsMet(found.CompareTo(wanted)))
                {
                    return OperandResult.Match;
                }
            }

            return OperandResult.NoMatch;
        }

        private bool IsMet(int order) => comparison switch
        {
            ConditionComparison.Equal => order == 0,
            ConditionComparison.Less => order < 0,
            ConditionComparison.LessOrEqual => order <= 0,
            ConditionComparison.Greater => order > 0,
            ConditionComparison.GreaterOrEqual => order >= 0,
            _ => false,
        };
    }

    private sealed class AddressOperands(ImmutableArray<string> values) : Operands
    {
        private readonly AddressRange[] ranges = ConditionText.ReadAll<AddressRange>(values, AddressRange.TryParse);

        internal override OperandResult Test(string requestValue)
        {
            if (!AddressText.TryParse(requestValue, out var address))
            {
                return OperandResult.Unreadable;
            }

            foreach (var range in ranges)
            {
                if (range.Contains(address))
                {
                    return OperandResult.Match;
                }
            }

            return OperandResult.NoMatch;
        }
    }
}
