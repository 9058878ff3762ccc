using System.Text.Json;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// A flat JSON object of strings, at most 8192 characters, or the same map flattened as <c>Name.N.Key</c> and
/// <c>Name.N.Value</c>. Absent, empty, <c>null</c> and <c>{}</c> all mean no context. Source: kms-api.md 7, audit C3 item 4.
/// </summary>
internal sealed class EncryptionContextType()
    : ParameterType(new ParameterShape("json-object<string,string>") { MaxLength = MaxLength, Encoding = "JSON text in one parameter" })
{
    public const int MaxLength = 8192;

    public override ParameterReading Read(ParameterCollection parameters, ParameterSpec spec)
    {
        var text = parameters.ValueOrNull(spec.Name);
        if (!RepeatedParameters.TryRead(parameters, spec.Name, RepeatedParameters.KeyAndValue, out var items))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        if (items.Count == 0)
        {
            return text is null ? ParameterReading.Absent : Parse(text);
        }

        // two spellings at once: neither can be preferred without ignoring the other
        return text is null ? Flattened(items) : ParameterReading.Refused(ParameterFault.Format);
    }

    private static ParameterReading Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            return ParameterReading.Refused(ParameterFault.Length);
        }

        if (!JsonText.TryParse(text, out var element))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        return element.ValueKind == JsonValueKind.Null ? ParameterReading.Absent : OfMap(element);
    }

    private static ParameterReading OfMap(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || element.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.String))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        return element.EnumerateObject().Any() ? ParameterReading.Of(element) : ParameterReading.Absent;
    }

    private static ParameterReading Flattened(List<string?[]> items)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is not [{ } key, { } value] || !map.TryAdd(key, value))
            {
                return ParameterReading.Refused(ParameterFault.Format);
            }
        }

        var element = JsonSerializer.SerializeToElement(map);
        return element.GetRawText().Length > MaxLength ? ParameterReading.Refused(ParameterFault.Length) : ParameterReading.Of(element);
    }
}
