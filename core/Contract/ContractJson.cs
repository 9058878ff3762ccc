using System.Text.Json;
using System.Text.Json.Serialization;

namespace KmsGateway.Core.Contract;

/// <summary>
/// The one reading and writing of the contract's bodies. Descriptors, questions and answers are camel case
/// (<c>{"keyArn","state","tags","metadataVersion",...}</c>, kinds <c>key</c>, <c>alias</c>, <c>ciphertextHead</c>); refusals are
/// <c>{"Code","Parameter","Message"}</c> and <c>{"Stale":[...]}</c>. Reading ignores letter case. Source: decisions.md D1.
/// </summary>
public static class ContractJson
{
    /// <summary>For <see cref="ResolveRequest"/>, <see cref="ResolveResponse"/>, <see cref="KeyDescriptor"/>.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes <c>{"Stale":[descriptor | null, ...]}</c>.</summary>
    public static void WriteStale(Utf8JsonWriter writer, IReadOnlyList<KeyDescriptor?> fresh)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(nameof(StaleResponse.Stale));
        foreach (var descriptor in fresh)
        {
            JsonSerializer.Serialize(writer, descriptor, Options);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>{"Code","Message"}</c>.</summary>
    public static void WriteError(Utf8JsonWriter writer, string code, string message)
    {
        writer.WriteStartObject();
        writer.WriteString(nameof(CoreErrorResponse.Code), code);
        writer.WriteString(nameof(CoreErrorResponse.Message), message);
        writer.WriteEndObject();
    }
}
