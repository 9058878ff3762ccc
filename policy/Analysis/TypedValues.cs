using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// Values that tell apart what conditions on numbers, dates, Booleans and addresses can. No text can be read as two of these,
/// so the kinds stand side by side.
/// </summary>
internal static class TypedValues
{
    /// <summary>A text that none of the kinds reads.</summary>
    internal const string Unreadable = "x";

    private static readonly ImmutableArray<ConditionValueKind> Kinds =
        [ConditionValueKind.Number, ConditionValueKind.Date, ConditionValueKind.Boolean, ConditionValueKind.Address];

    /// <summary>One value per class, in the usual notation.</summary>
    /// <param name="conditions">The conditions, of any kind.</param>
    /// <param name="only">The kind that every value has; Text for none.</param>
    internal static IEnumerable<string> TellingApart(IReadOnlyList<Condition> conditions, ConditionValueKind only)
    {
        var values = Kinds.Where(kind => only == kind || (only == ConditionValueKind.Text && conditions.Any(condition => condition.Operator.ValueKind == kind)))
            .SelectMany(kind => TellingApart(kind, conditions.Where(condition => condition.Operator.ValueKind == kind).SelectMany(condition => condition.Values)));
        return only == ConditionValueKind.Text ? values.Append(Unreadable) : values;
    }

    /// <summary>The same value as other texts, for conditions that look at the text as well.</summary>
    internal static IEnumerable<string> Notations(string value)
    {
        if (NumberText.TryParse(value, out _))
        {
            return NumberValues.Notations(value);
        }

        if (DateText.TryParse(value, out var ticks))
        {
            return DateValues.Notations(value, ticks);
        }

        if (BooleanText.TryParse(value, out _))
        {
            return TextValues.InEveryCase([value]) ?? [value];
        }

        return AddressText.TryParse(value, out var address) ? AddressValues.Notations(value, address) : [value];
    }

    /// <summary>The characters that texts of a kind are made of.</summary>
    internal static string AlphabetOf(ConditionValueKind kind) => kind switch
    {
        ConditionValueKind.Number => "1234567890.-",
        ConditionValueKind.Date => "1234567890.-:TZ+",
        ConditionValueKind.Boolean => "truefalsTRUEFALS",
        _ => "1234567890.:abcdefABCDEF",
    };

    /// <summary>The kind that reads the value; Text where none does.</summary>
    internal static ConditionValueKind KindOf(string value) => Kinds.FirstOrDefault(kind => IsReadable(kind, value), ConditionValueKind.Text);

    internal static bool IsReadable(ConditionValueKind kind, string value) => kind switch
    {
        ConditionValueKind.Number => NumberText.TryParse(value, out _),
        ConditionValueKind.Date => DateText.TryParse(value, out _),
        ConditionValueKind.Boolean => BooleanText.TryParse(value, out _),
        ConditionValueKind.Address => AddressText.TryParse(value, out _),
        _ => true,
    };

    private static IEnumerable<string> TellingApart(ConditionValueKind kind, IEnumerable<string> operands) => kind switch
    {
        ConditionValueKind.Number => NumberValues.TellingApart(operands),
        ConditionValueKind.Date => DateValues.TellingApart(operands),
        ConditionValueKind.Address => AddressValues.TellingApart(operands),
        _ => ["true", "false"],
    };
}
