using System.Text.Json;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Collects differences between the published tables and the catalogue.</summary>
internal sealed class Comparison
{
    public const string None = "-";

    private readonly List<Difference> differences = [];

    public IReadOnlyList<Difference> Differences => differences;

    public void Compare(string action, string parameter, string field, string? expected, string? here)
    {
        var (left, right) = (Cell(expected), Cell(here));
        if (left != right)
        {
            differences.Add(new Difference(action, parameter, field, left, right));
        }
    }

    public static string? Text(JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
    }

    private static string Cell(string? text) => string.IsNullOrEmpty(text) ? None : text;
}
