using System.Collections.Immutable;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>What is wrong with a value; each product has its own code for it (<see cref="ParameterErrors"/>).</summary>
internal enum ParameterFault
{
    None = 0,

    /// <summary>Not one of the values, not in the range.</summary>
    Value,

    /// <summary>Too short or too long.</summary>
    Length,

    /// <summary>Characters that are not allowed.</summary>
    Characters,

    /// <summary>Not of the form.</summary>
    Format,

    /// <summary>An alias where only a key id is taken.</summary>
    Alias,

    /// <summary>A tag key that is not allowed.</summary>
    TagKey,

    /// <summary>A tag value that is not allowed.</summary>
    TagValue,

    /// <summary>The same tag key twice.</summary>
    DuplicateTagKey,
}

/// <summary>What reading one parameter came to: nothing, a value (string, long, bool, JsonElement), or a fault.</summary>
/// <param name="Value">Set when it was given and well formed.</param>
/// <param name="Fault">Set when it was not well formed.</param>
internal readonly record struct ParameterReading(object? Value, ParameterFault Fault)
{
    /// <summary>Not given, or given empty.</summary>
    public static ParameterReading Absent => default;

    public static ParameterReading Of(object value) => new(value, ParameterFault.None);

    public static ParameterReading Refused(ParameterFault fault) => new(null, fault);
}

/// <summary>The limits of a type, in the words of the published tables, for the docs and for the tests that hold them to these.</summary>
/// <param name="Type"><c>string</c>, <c>integer</c>, <c>boolean</c>, <c>base64</c>, <c>json-object</c>, ...</param>
internal sealed record ParameterShape(string Type)
{
    /// <summary>The values it may have; empty = any.</summary>
    public ImmutableArray<string> Enum { get; init; } = [];

    public string? Min { get; init; }

    public string? Max { get; init; }

    public int MinLength { get; init; }

    public int? MaxLength { get; init; }

    public int? MaxItems { get; init; }

    public int? ItemMaxLength { get; init; }

    public string? Pattern { get; init; }

    /// <summary>How a repeated parameter is spelled: <c>Tag.N.Key / Tag.N.Value</c>.</summary>
    public string? Encoding { get; init; }
}

/// <summary>A type of parameter: reads the text that was sent, within its limits.</summary>
internal abstract class ParameterType(ParameterShape shape)
{
    public ParameterShape Shape { get; } = shape;

    public abstract ParameterReading Read(ParameterCollection parameters, ParameterSpec spec);
}

/// <summary>A type whose value is the text of one parameter.</summary>
internal abstract class ScalarType(ParameterShape shape) : ParameterType(shape)
{
    public sealed override ParameterReading Read(ParameterCollection parameters, ParameterSpec spec) =>
        parameters.TryGetValue(spec.Name, out var text) && (text.Length > 0 || spec.EmptyCounts)
            ? Parse(text)
            : ParameterReading.Absent;

    protected abstract ParameterReading Parse(string text);
}
