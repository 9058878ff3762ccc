using System.Collections.Immutable;
using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// The validated parameters of one call: names of the catalogue only, typed, defaults filled in. Values are
/// <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, or <see cref="JsonElement"/> for structured ones.
/// </summary>
internal sealed class ActionParameters
{
    private readonly ImmutableSortedDictionary<string, object> values;

    internal ActionParameters(ImmutableSortedDictionary<string, object> values) => this.values = values;

    /// <summary>A string that validation made sure of.</summary>
    public string String(string name) => (string)values[name];

    /// <summary>A string, or null when it was not given.</summary>
    public string? OptionalString(string name) => values.TryGetValue(name, out var value) ? (string)value : null;

    /// <summary>An integer, or null when it was not given and has no default.</summary>
    public long? Integer(string name) => values.TryGetValue(name, out var value) ? (long)value : null;

    /// <summary>A boolean, or null when it was not given and has no default.</summary>
    public bool? Boolean(string name) => values.TryGetValue(name, out var value) ? (bool)value : null;

    /// <summary>A structured value (EncryptionContext, Tags, Filters, a list), or null when it was not given.</summary>
    public JsonElement? Structure(string name) => values.TryGetValue(name, out var value) ? (JsonElement)value : null;

    /// <summary>One JSON object with every value, for the core.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in values)
        {
            writer.WritePropertyName(name);
            switch (value)
            {
                case string text:
                    writer.WriteStringValue(text);
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    break;
                case JsonElement element:
                    element.WriteTo(writer);
                    break;
                default:
                    throw new InvalidOperationException("a parameter has one of four types");
            }
        }

        writer.WriteEndObject();
    }
}
