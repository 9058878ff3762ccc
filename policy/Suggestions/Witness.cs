using System.Globalization;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Suggestions;

/// <summary>Values of a request that meet a condition, or do not. A wrong one does no harm: every suggestion is evaluated.</summary>
internal static class Witness
{
    internal static bool IsTag(ConditionKey key) => key.Text.StartsWith("kms:tag/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A value that meets the positive form.</summary>
    internal static string? Meeting(Condition condition)
    {
        var wanted = condition.Values[0];
        return condition.Operator.ValueKind switch
        {
            ConditionValueKind.Pattern => wanted.Replace("*", "", StringComparison.Ordinal).Replace('?', 'x'),
            ConditionValueKind.Number => Number(wanted, Step(condition.Operator.Comparison)),
            ConditionValueKind.Date => Date(wanted, Step(condition.Operator.Comparison)),
            ConditionValueKind.Address => Address(wanted),
            _ => wanted,
        };
    }

    /// <summary>A value with which the condition is not met; null where leaving the key out is the only simple way.</summary>
    internal static string? Avoiding(Condition condition)
    {
        if (condition.Operator.IsNegated)
        {
            return Meeting(condition);
        }

        var isBoolean = condition.Operator.ValueKind == ConditionValueKind.Boolean && condition.Values.Length == 1;
        return isBoolean ? Opposite(condition.Values[0]) : null;
    }

    private static string Opposite(string value) => BooleanText.TryParse(value, out var flag) && flag ? "false" : "true";

    private static int Step(ConditionComparison comparison) => comparison switch
    {
        ConditionComparison.Less => -1,
        ConditionComparison.Greater => 1,
        _ => 0,
    };

    private static string? Number(string wanted, int step) =>
        NumberText.TryParse(wanted, out var number) ? (number + step).ToString(CultureInfo.InvariantCulture) : null;

    private static string? Date(string wanted, int step)
    {
        if (!DateText.TryParse(wanted, out var ticks))
        {
            return null;
        }

        ticks += step * TimeSpan.TicksPerSecond;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks
            ? null
            : new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
    }

    private static string? Address(string wanted) => AddressRange.TryParse(wanted, out var range) ? range.First.ToString() : null;
}
