using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace KmsGateway.Policy.Conditions;

/// <summary>How a request value is held against a policy value, for values that have an order.</summary>
internal enum ConditionComparison
{
    None = 0,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>One operator of the language.</summary>
public sealed class ConditionOperator
{
    internal ConditionOperator(string name, ConditionValueKind valueKind, ConditionComparison comparison, bool isNegated)
    {
        Name = name;
        ValueKind = valueKind;
        Comparison = comparison;
        IsNegated = isNegated;
    }

    /// <summary>As documents spell it; letter case counts.</summary>
    public string Name { get; }

    /// <summary>What its values are read as.</summary>
    public ConditionValueKind ValueKind { get; }

    /// <summary>Whether it is met exactly when its positive form is not (R-CND-2, -5, -6).</summary>
    public bool IsNegated { get; }

    internal ConditionComparison Comparison { get; }

    /// <summary>Whether <paramref name="text"/> may stand as a policy value of this operator (R-DOC-19).</summary>
    public bool CanRead(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ValueKind switch
        {
            ConditionValueKind.Number => NumberText.TryParse(text, out _),
            ConditionValueKind.Date => DateText.TryParse(text, out _),
            ConditionValueKind.Boolean => BooleanText.TryParse(text, out _),
            ConditionValueKind.Address => AddressRange.TryParse(text, out _),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>All 21 operators: name, kind of value, comparison, negated. Source: ram-policy.md 5.2.</summary>
public static class ConditionOperators
{
    /// <summary>The table, in the order of the specification.</summary>
    public static ImmutableArray<ConditionOperator> All { get; } =
    [
        new("StringEquals", ConditionValueKind.Text, ConditionComparison.Equal, false),
        new("StringNotEquals", ConditionValueKind.Text, ConditionComparison.Equal, true),
        new("StringEqualsIgnoreCase", ConditionValueKind.TextIgnoringCase, ConditionComparison.Equal, false),
        new("StringNotEqualsIgnoreCase", ConditionValueKind.TextIgnoringCase, ConditionComparison.Equal, true),
        new("StringLike", ConditionValueKind.Pattern, ConditionComparison.Equal, false),
        new("StringNotLike", ConditionValueKind.Pattern, ConditionComparison.Equal, true),
        new("NumericEquals", ConditionValueKind.Number, ConditionComparison.Equal, false),
        new("NumericNotEquals", ConditionValueKind.Number, ConditionComparison.Equal, true),
        new("NumericLessThan", ConditionValueKind.Number, ConditionComparison.Less, false),
        new("NumericLessThanEquals", ConditionValueKind.Number, ConditionComparison.LessOrEqual, false),
        new("NumericGreaterThan", ConditionValueKind.Number, ConditionComparison.Greater, false),
        new("NumericGreaterThanEquals", ConditionValueKind.Number, ConditionComparison.GreaterOrEqual, false),
        new("DateEquals", ConditionValueKind.Date, ConditionComparison.Equal, false),
        new("DateNotEquals", ConditionValueKind.Date, ConditionComparison.Equal, true),
        new("DateLessThan", ConditionValueKind.Date, ConditionComparison.Less, false),
        new("DateLessThanEquals", ConditionValueKind.Date, ConditionComparison.LessOrEqual, false),
        new("DateGreaterThan", ConditionValueKind.Date, ConditionComparison.Greater, false),
        new("DateGreaterThanEquals", ConditionValueKind.Date, ConditionComparison.GreaterOrEqual, false),
        new("Bool", ConditionValueKind.Boolean, ConditionComparison.Equal, false),
        new("IpAddress", ConditionValueKind.Address, ConditionComparison.Equal, false),
        new("NotIpAddress", ConditionValueKind.Address, ConditionComparison.Equal, true),
    ];

    private static FrozenDictionary<string, ConditionOperator> ByName { get; } = All.ToFrozenDictionary(op => op.Name, StringComparer.Ordinal);

    /// <summary>The operator of that exact name.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out ConditionOperator? op) => ByName.TryGetValue(name, out op);
}
