using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>A JSON array of objects; what they hold is judged by whoever uses them.</summary>
internal sealed class ObjectArrayType(int? maxItems)
    : JsonArrayType(maxItems, new ParameterShape("json-array") { MaxItems = maxItems })
{
    protected override ParameterReading Judge(JsonElement array) =>
        array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? ParameterReading.Of(array)
            : ParameterReading.Refused(ParameterFault.Format);
}
