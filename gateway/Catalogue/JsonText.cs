using System.Text.Json;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// Strict reading of JSON that arrives inside one parameter: no comments, no trailing commas, no duplicate names, no lone
/// surrogates.
/// </summary>
internal static class JsonText
{
    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <summary>The value, or false when the text is not well-formed JSON.</summary>
    public static bool TryParse(string text, out JsonElement element)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            element = document.RootElement.Clone();
            ReadEveryString(element);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // JsonException: not JSON; the other two: text that is not well-formed UTF-16, escaped or raw
            element = default;
            return false;
        }
    }

    // Reading a string is what finds a lone surrogate behind an escape.
    private static void ReadEveryString(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadEveryString(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadEveryString(member.Value);
                }

                break;
        }
    }
}
