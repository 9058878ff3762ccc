using System.Collections.Immutable;
using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// <c>[{"Key":"KeyState","Values":["Enabled"]}]</c>: known keys, 0 to 10 strings each. The same key twice is merged by OR, so
/// the value kept names each key once. A value the service does not know is kept: it matches nothing, or is ignored, as the
/// list decides. Source: kms-api.json, ListKeys.Filters, ListSecrets.Filters.
/// </summary>
internal sealed class FilterArrayType(int maxItems, ImmutableArray<string> keys)
    : JsonArrayType(maxItems, new ParameterShape("json-array") { MaxItems = maxItems })
{
    public const int MaxValues = 10;

    protected override ParameterReading Judge(JsonElement array)
    {
        var merged = new List<Filter>();
        foreach (var item in array.EnumerateArray())
        {
            if (!TryRead(item, out var key, out var values) || !keys.Contains(key) || values.Count > MaxValues)
            {
                return ParameterReading.Refused(ParameterFault.Value);
            }

            var known = merged.Find(filter => string.Equals(filter.Key, key, StringComparison.Ordinal));
            if (known is null)
            {
                merged.Add(new Filter(key, values));
            }
            else
            {
                known.Values.AddRange(values.Except(known.Values, StringComparer.Ordinal));
            }
        }

        return ParameterReading.Of(JsonSerializer.SerializeToElement(merged));
    }

    private static bool TryRead(JsonElement item, out string key, out List<string> values)
    {
        (key, values) = ("", []);
        if (item.ValueKind != JsonValueKind.Object
            || item.EnumerateObject().Count() != 2
            || !item.TryGetProperty("Key", out var keyElement) || keyElement.ValueKind != JsonValueKind.String
            || !item.TryGetProperty("Values", out var valuesElement) || valuesElement.ValueKind != JsonValueKind.Array
            || valuesElement.EnumerateArray().Any(value => value.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        key = keyElement.GetString()!;
        values = [.. valuesElement.EnumerateArray().Select(value => value.GetString()!)];
        return true;
    }

    private sealed record Filter(string Key, List<string> Values);
}
