using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>A JSON object in one parameter; what it holds is judged by whoever uses it.</summary>
internal sealed class JsonObjectType(int? maxLength)
    : ScalarType(new ParameterShape("json-object") { MaxLength = maxLength })
{
    protected override ParameterReading Parse(string text)
    {
        if (text.Length > maxLength)
        {
            return ParameterReading.Refused(ParameterFault.Length);
        }

        return JsonText.TryParse(text, out var element) && element.ValueKind == JsonValueKind.Object
            ? ParameterReading.Of(element)
            : ParameterReading.Refused(ParameterFault.Format);
    }
}

/// <summary>A JSON array in one parameter: 1 to so many items, each of which the derived type judges.</summary>
internal abstract class JsonArrayType(int? maxItems, ParameterShape shape) : ScalarType(shape)
{
    protected int? MaxItems => maxItems;

    protected sealed override ParameterReading Parse(string text)
    {
        if (!JsonText.TryParse(text, out var element) || !TryUnwrap(ref element))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        var count = element.GetArrayLength();
        return count == 0 || count > maxItems ? ParameterReading.Refused(ParameterFault.Length) : Judge(element);
    }

    /// <summary>Finds the array; a type with a second spelling overrides this.</summary>
    protected virtual bool TryUnwrap(ref JsonElement element) => element.ValueKind == JsonValueKind.Array;

    /// <summary>The value to keep, or a fault.</summary>
    protected abstract ParameterReading Judge(JsonElement array);
}
