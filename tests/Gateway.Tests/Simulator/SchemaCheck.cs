using System.Text.Json;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>The part of JSON Schema that <c>openapi.json</c> uses; anything else in a schema is a fault of the schema.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Known =
        ["$ref", "type", "properties", "required", "additionalProperties", "items", "oneOf", "enum", "const", "minItems", "maxItems", "description"];

    /// <summary>The first thing in <paramref name="value"/> that the schema forbids; null when there is none.</summary>
    public string? Fault(JsonElement schema, JsonElement value, string at = "")
    {
        if (schema.EnumerateObject().FirstOrDefault(member => !Known.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            return $"{at}: the schema uses {unknown.Name}";
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Fault(Resolve(reference.GetString()!), value, at);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var faults = choices.EnumerateArray().Select(choice => Fault(choice, value, at)).ToArray();
            return faults.Count(fault => fault is null) == 1 ? null : $"{at}: fits {faults.Count(fault => fault is null)} of the choices: {string.Join("; ", faults)}";
        }

        return TypeFault(schema, value, at) ?? value.ValueKind switch
        {
            JsonValueKind.Object => ObjectFault(schema, value, at),
            JsonValueKind.Array => ArrayFault(schema, value, at),
            _ => null,
        };
    }

    public JsonElement Resolve(string reference) =>
        reference[2..].Split('/').Aggregate(document, (element, name) => element.GetProperty(name));

    private static string? TypeFault(JsonElement schema, JsonElement value, string at)
    {
        var isOfType = schema.GetProperty("type").GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            var other => throw new InvalidDataException($"type {other}"),
        };
        if (!isOfType)
        {
            return $"{at}: is {value.ValueKind}";
        }

        var isListed = !schema.TryGetProperty("enum", out var list) || list.EnumerateArray().Any(each => each.GetString() == value.GetString());
        var isConstant = !schema.TryGetProperty("const", out var constant) || constant.GetString() == value.GetString();
        return isListed && isConstant ? null : $"{at}: is {value}";
    }

    private string? ObjectFault(JsonElement schema, JsonElement value, string at)
    {
        var properties = schema.TryGetProperty("properties", out var named) ? named : default;
        if (schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing)
        {
            return $"{at}: lacks {missing}";
        }

        foreach (var member in value.EnumerateObject())
        {
            var fault = Member(member);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;

        string? Member(JsonProperty member)
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var own))
            {
                return Fault(own, member.Value, $"{at}/{member.Name}");
            }

            if (!schema.TryGetProperty("additionalProperties", out var others))
            {
                return null;
            }

            return others.ValueKind == JsonValueKind.False ? $"{at}: has {member.Name}" : Fault(others, member.Value, $"{at}/{member.Name}");
        }
    }

    private string? ArrayFault(JsonElement schema, JsonElement value, string at)
    {
        var count = value.GetArrayLength();
        if (schema.TryGetProperty("maxItems", out var most) && count > most.GetInt32())
        {
            return $"{at}: holds {count}";
        }

        return value.EnumerateArray().Select((item, index) => Fault(schema.GetProperty("items"), item, $"{at}/{index}")).FirstOrDefault(fault => fault is not null);
    }
}
