using System.Collections.Immutable;
using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// A JSON array of non-empty strings, each at most once. Source: kms-api.json (TagKeys, VersionStages, SubjectAlternativeNames).
/// </summary>
/// <param name="maxItems">Most items; null = no published limit.</param>
/// <param name="itemMaxLength">Longest item in characters.</param>
/// <param name="values">The values an item may have; empty = any.</param>
/// <param name="wrapper">A member that may wrap the array: <c>{"VersionStage":["A"]}</c>. The value kept is the bare array.</param>
internal sealed class TextArrayType(int? maxItems, int? itemMaxLength, ImmutableArray<string> values, string? wrapper)
    : JsonArrayType(maxItems, new ParameterShape("json-array") { MaxItems = maxItems, ItemMaxLength = itemMaxLength, Enum = values })
{
    protected override bool TryUnwrap(ref JsonElement element)
    {
        if (wrapper is not null && element.ValueKind == JsonValueKind.Object
            && element.EnumerateObject().Count() == 1 && element.TryGetProperty(wrapper, out var inner))
        {
            element = inner;
        }

        return base.TryUnwrap(ref element);
    }

    protected override ParameterReading Judge(JsonElement array)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } text || !seen.Add(text))
            {
                return ParameterReading.Refused(ParameterFault.Format);
            }

            if (text.Length > itemMaxLength || (!values.IsEmpty && !values.Contains(text)))
            {
                return ParameterReading.Refused(ParameterFault.Value);
            }
        }

        return ParameterReading.Of(array);
    }
}
