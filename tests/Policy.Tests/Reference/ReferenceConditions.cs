using System.Text.Json;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>Section 5.1: how tests combine.</summary>
internal sealed class ReferenceConditions(SeededFault fault)
{
    private readonly ReferenceOperators operators = new(fault);

    /// <summary>R-CND-3, -4: all operators, all keys. R-CND-7: an empty object is no condition.</summary>
    internal bool AreMet(JsonElement condition, IReadOnlyList<KeyValuePair<string, string[]>> context)
    {
        var results = condition.EnumerateObject()
            .SelectMany(block => block.Value.EnumerateObject().Select(test => IsMet(block.Name, test, context)))
            .ToArray();
        return fault == SeededFault.OneConditionIsEnough ? results.Length == 0 || results.Contains(true) : results.All(result => result);
    }

    private bool IsMet(string name, JsonProperty test, IReadOnlyList<KeyValuePair<string, string[]>> context)
    {
        var wanted = ReferenceStatements.Strings(test.Value).ToArray();
        var found = context.Where(entry => IsSameKey(entry.Key, test.Name)).SelectMany(entry => entry.Value).ToArray();
        var isNegated = name.Contains("Not", StringComparison.Ordinal);
        var positive = name.Replace("Not", "", StringComparison.Ordinal);

        // R-CND-5
        if (found.Length == 0)
        {
            return isNegated
                ? fault != SeededFault.MissingKeyFailsNegated
                : fault == SeededFault.MissingKeyMeetsPositive
                    || (fault == SeededFault.MissingBooleanIsFalse && name == "Bool" && wanted.Contains("false", StringComparer.OrdinalIgnoreCase));
        }

        if (isNegated && fault == SeededFault.NegatedIsMetByOneDifference)
        {
            return found.Any(value => wanted.Any(one => !operators.Matches(positive, value, one)));
        }

        if (isNegated && fault == SeededFault.UnreadableFailsNegated && found.Any(value => !operators.CanRead(positive, value)))
        {
            return false;
        }

        // R-CND-1, -2, -6: any request value with any policy value; the negated form is the exact opposite.
        var isAny = found.Any(value => wanted.Any(one => operators.Matches(positive, value, one)));
        return isAny != isNegated;
    }

    /// <summary>R-KEY-1.</summary>
    private bool IsSameKey(string left, string right)
    {
        if (fault == SeededFault.OneSpellingOfAKey)
        {
            return left == right;
        }

        var (a, b) = (left.Split('/', 2), right.Split('/', 2));
        var tagKeys = fault == SeededFault.TagKeyCaseIgnored ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return a.Length == b.Length
            && a[0].Equals(b[0], StringComparison.OrdinalIgnoreCase)
            && (a.Length == 1 || a[1].Equals(b[1], tagKeys));
    }
}
