using System.Text.Json;

namespace KmsGateway.Policy.Tests.GoldenCases;

/// <summary>
/// The golden case files, and those of the folder that KMSGATEWAY_EXTRA_CASES names. A case is known by its file and its
/// name, so that one test is one case.
/// </summary>
internal static class CaseFiles
{
    internal const string Format = "kmsgateway-policy-cases/1";

    private static readonly Lazy<Dictionary<string, JsonElement>> Cases = new(ReadAll);

    internal static JsonElement Get(string id) => Cases.Value[id];

    internal static IEnumerable<string> Ids(string kind) =>
        Cases.Value.Keys.Where(id => id.StartsWith($"{kind}:", StringComparison.Ordinal));

    internal static IEnumerable<string> Shipped(string kind) =>
        Ids(kind).Where(id => !id.Contains(":extra/", StringComparison.Ordinal));

    private static Dictionary<string, JsonElement> ReadAll()
    {
        var cases = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Read(TestData.Path("policy-cases"), "", cases);
        if (Environment.GetEnvironmentVariable("KMSGATEWAY_EXTRA_CASES") is { Length: > 0 } extra)
        {
            Read(extra, "extra/", cases);
        }

        return cases;
    }

    private static void Read(string folder, string prefix, Dictionary<string, JsonElement> cases)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var file = JsonDocument.Parse(File.ReadAllBytes(path));
            if (file.RootElement.ValueKind != JsonValueKind.Object
                || !file.RootElement.TryGetProperty("format", out var format)
                || format.GetString() != Format
                || !file.RootElement.TryGetProperty("cases", out var list))
            {
                continue;
            }

            var kind = file.RootElement.GetProperty("kind").GetString();
            foreach (var item in list.EnumerateArray())
            {
                cases.Add($"{kind}:{prefix}{Path.GetFileName(path)}#{item.GetProperty("name").GetString()}", item.Clone());
            }
        }
    }
}
