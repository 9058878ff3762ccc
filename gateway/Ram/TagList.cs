using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>The <c>Tag</c> parameter: a JSON array of <c>{"Key","Value"}</c>; keys 1-128 characters and distinct, values up to 128.</summary>
internal static class TagList
{
    private const string Parameter = "Tag";
    private const int LongestText = 128;

    /// <summary>Tags to store, a missing value being the empty one.</summary>
    public static IReadOnlyList<TagRecord> Read(ActionParameters parameters, RamQuotas quotas) =>
        [.. Parse(parameters, quotas).Select(tag => new TagRecord(tag.Key, tag.Value ?? string.Empty))];

    /// <summary>Tags to look for, as JSON for the query; a missing value matches any. Null when the caller asks for none.</summary>
    public static string? ReadFilter(ActionParameters parameters, RamQuotas quotas)
    {
        var tags = Parse(parameters, quotas);
        return tags.Count == 0
            ? null
            : new JsonArray([.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]).ToJsonString();
    }

    /// <summary>As answers print tags.</summary>
    public static JsonObject Answer(IEnumerable<TagRecord> tags) => new()
    {
        ["Tag"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["TagKey"] = tag.Key, ["TagValue"] = tag.Value })]),
    };

    private static List<(string Key, string? Value)> Parse(ActionParameters parameters, RamQuotas quotas)
    {
        if (parameters.Structure(Parameter) is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > quotas.TagsPerResource)
        {
            throw GatewayErrors.InvalidParameter.With(Parameter);
        }

        var tags = list.EnumerateArray().Select(ParseOne).ToList();
        return tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal).Count() == tags.Count
            ? tags
            : throw GatewayErrors.InvalidParameter.With(Parameter);
    }

    private static (string Key, string? Value) ParseOne(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object
            && Text(element, "Key") is { Length: > 0 and <= LongestText } key
            && element.EnumerateObject().All(member => member.Name is "Key" or "Value")
            && (!element.TryGetProperty("Value", out var given) || given.ValueKind == JsonValueKind.String))
        {
            var value = Text(element, "Value");
            if (value is null or { Length: <= LongestText })
            {
                return (key, value);
            }
        }

        throw GatewayErrors.InvalidParameter.With(Parameter);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
