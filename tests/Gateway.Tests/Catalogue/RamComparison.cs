using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>ram-sts-api.json against the entries of RAM and STS. Limits are read out of the words of the published values.</summary>
internal static partial class RamComparison
{
    private static readonly JsonElement Document = JsonDocument.Parse(File.ReadAllText(TestData.Path("ram-sts-api.json"))).RootElement;

    public static IReadOnlyList<(string Name, JsonElement Operation)> Published { get; } =
        [.. Document.GetProperty("operations").EnumerateObject().Select(pair => (pair.Name, pair.Value))];

    public static IReadOnlyList<Difference> Differences { get; } = Compute();

    /// <summary>What the published words say about a value.</summary>
    public static Words Read(string values)
    {
        var current = values.Split("(older")[0];
        var length = LengthWords().Match(current);
        var upTo = UpToWords().Match(current);
        var range = RangeWords().Match(current);
        var choice = current.Contains(" | ", StringComparison.Ordinal)
            ? current.Split(" | ").Select(word => word.Replace(" (default)", "", StringComparison.Ordinal)).ToArray()
            : [];
        var named = choice.Length == 0 ? DefaultWords().Match(current).Groups["value"].Value : DefaultChoice().Match(current).Groups["value"].Value;
        var dependsOnRole = current.StartsWith("900 up to", StringComparison.Ordinal);
        return new Words(
            dependsOnRole ? "900" : range.Groups["min"].Value,
            dependsOnRole ? LongestSession() : range.Groups["max"].Value,
            length.Success ? length.Groups["min"].Value : "0",
            length.Success ? length.Groups["max"].Value : upTo.Groups["max"].Value,
            string.Join(", ", choice),
            named);
    }

    private static string LongestSession() =>
        RangeWords().Match(Document.GetProperty("limits").GetProperty("sessionDurationSeconds").GetProperty("max").GetString()!
            .Split('(')[1].Split(')')[0] + ",").Groups["max"].Value;

    private static IReadOnlyList<Difference> Compute()
    {
        var comparison = new Comparison();
        foreach (var (name, operation) in Published)
        {
            if (ActionCatalogue.Find(operation.GetProperty("version").GetString()!, name) is { } here)
            {
                CompareAction(comparison, operation, here);
            }
            else
            {
                comparison.Compare(name, Comparison.None, "presence", "published", null);
            }
        }

        var names = Published.Select(pair => (pair.Operation.GetProperty("version").GetString()!, pair.Name)).ToHashSet();
        foreach (var extra in ActionCatalogue.All.Where(action => action.Product != Product.Kms && !names.Contains((action.Version, action.Name))))
        {
            comparison.Compare(extra.Name, Comparison.None, "presence", null, "in the catalogue");
        }

        return comparison.Differences;
    }

    private static void CompareAction(Comparison comparison, JsonElement operation, ActionDescriptor here)
    {
        void Field(string field, string? expected, string? actual) => comparison.Compare(here.Name, Comparison.None, field, expected, actual);

        Field("service", Comparison.Text(operation, "service"), here.Product.ToString());
        Field("access", Nullable(operation, "accessLevel"), here.Access.ToString());
        Field("permission", Nullable(operation, "ramAction"), here.Permission);
        Field(
            "resources",
            string.Join(", ", operation.GetProperty("resources").EnumerateArray().Select(resource => resource.GetString())),
            string.Join(", ", here.Resources.Select(resource => resource.Template)));
        Field("audited", "true", here.IsAudited ? "true" : "false");
        var request = operation.GetProperty("request").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (name, parameter) in request)
        {
            var spec = here.Parameter(name);
            comparison.Compare(here.Name, name, "presence", "published", spec is null ? null : "published");
            if (spec is not null)
            {
                CompareParameter(comparison, here.Name, parameter, spec);
            }
        }

        foreach (var extra in here.Parameters.Where(spec => !request.ContainsKey(spec.Name)))
        {
            comparison.Compare(here.Name, extra.Name, "presence", null, "in the catalogue");
        }
    }

    private static void CompareParameter(Comparison comparison, string action, JsonElement parameter, ParameterSpec spec)
    {
        void Field(string field, string? expected, string? actual) => comparison.Compare(action, spec.Name, field, expected, actual);

        var shape = spec.Type.Shape;
        var words = Read(Comparison.Text(parameter, "values")!);
        Field("type", Comparison.Text(parameter, "type"), shape.Type switch { "integer" => "number", "repeat-list" => "list", var type => type });
        Field("required", Comparison.Text(parameter, "required"), spec.IsRequired ? "true" : "false");
        Field("min", words.Min, shape.Min);
        Field("max", words.Max, shape.Max);
        Field("minLength", words.MinLength, shape.MinLength.ToString(CultureInfo.InvariantCulture));
        Field("maxLength", words.MaxLength, shape.MaxLength?.ToString(CultureInfo.InvariantCulture));
        Field("enum", words.Choice, string.Join(", ", shape.Enum));
        Field("default", words.Default, KmsComparison.DefaultText(spec.Default));
        Field("maxItems", null, shape.MaxItems?.ToString(CultureInfo.InvariantCulture));
    }

    private static string? Nullable(JsonElement element, string member) =>
        element.GetProperty(member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    [GeneratedRegex(@"(?<min>\d+)-(?<max>\d+) characters", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LengthWords();

    [GeneratedRegex(@"up to (?<max>\d+) characters", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex UpToWords();

    [GeneratedRegex(@"^(?<min>\d+)-(?<max>\d+)( seconds|,)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RangeWords();

    [GeneratedRegex(@"default (?<value>\w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DefaultWords();

    [GeneratedRegex(@"(?<value>\w+) \(default\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DefaultChoice();

    /// <summary>Limits as texts; empty = not said.</summary>
    internal sealed record Words(string Min, string Max, string MinLength, string MaxLength, string Choice, string Default);
}
