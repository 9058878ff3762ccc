using System.Text.Json;
using System.Text.Json.Serialization;

namespace KmsGateway.Core.Contract;

/// <summary>How the contract's records travel: PascalCase, enums by name, nulls left out, duplicates and unknown members refused.</summary>
public static class ContractJson
{
    /// <summary>For both sides.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            AllowDuplicateProperties = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            MaxDepth = 8,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver();
        options.MakeReadOnly();
        return options;
    }
}
