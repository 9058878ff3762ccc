using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary><c>[{"TagKey":"...","TagValue":"..."}]</c>: exactly these members, each key once. Source: kms-api.md 11.</summary>
internal sealed class TagArrayType(int maxItems)
    : JsonArrayType(maxItems, new ParameterShape("json-array") { MaxItems = maxItems })
{
    protected override ParameterReading Judge(JsonElement array)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in array.EnumerateArray())
        {
            if (!JsonPairs.TryRead(item, "TagKey", "TagValue", out var key, out var value))
            {
                return ParameterReading.Refused(ParameterFault.Format);
            }

            var fault = TagSyntax.Judge(key, value);
            if (fault != ParameterFault.None || !seen.Add(key))
            {
                return ParameterReading.Refused(fault == ParameterFault.None ? ParameterFault.DuplicateTagKey : fault);
            }
        }

        return ParameterReading.Of(array);
    }
}

/// <summary>Objects of two strings.</summary>
internal static class JsonPairs
{
    /// <summary>Whether <paramref name="item"/> is an object of exactly the two string members.</summary>
    public static bool TryRead(JsonElement item, string keyName, string valueName, out string key, out string value)
    {
        (key, value) = ("", "");
        if (item.ValueKind != JsonValueKind.Object
            || item.EnumerateObject().Count() != 2
            || !item.TryGetProperty(keyName, out var keyElement) || keyElement.ValueKind != JsonValueKind.String
            || !item.TryGetProperty(valueName, out var valueElement) || valueElement.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        (key, value) = (keyElement.GetString()!, valueElement.GetString()!);
        return true;
    }
}
