using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>
/// Reads tests/data/matrix/rows.json. A row is [rule, caller, checks, expected, context?]: checks are <c>action resource</c>, separated by
/// commas, <c>+tags</c> supplies the resource's tags; expected is <c>verdict layer[@level] [policy.statement] [#check]</c>.
/// Unknown members are refused.
/// </summary>
internal static class MatrixRows
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    internal static IReadOnlyList<MatrixRow> All { get; } = Read();

    private static MatrixRow[] Read()
    {
        var file = JsonSerializer.Deserialize<RowFile>(File.ReadAllText(TestData.Path("matrix", "rows.json")), Strict)!;
        return file.Format == "kmsgateway-matrix-rows/1"
            ? [.. file.Scenarios.SelectMany(scenario => scenario.Rows.Select((row, index) => Row(file, scenario, row, index)))]
            : throw new InvalidDataException(file.Format);
    }

    private static MatrixRow Row(RowFile file, RowScenario scenario, JsonElement[] row, int index)
    {
        var (rule, name, checks, expected) = (row[0].GetString()!, row[1].GetString()!, row[2].GetString()!, row[3].GetString()!);
        var caller = file.Callers[name];
        var context = row.Length > 4 ? row[4].Deserialize<Dictionary<string, string[]>>()! : [];
        var isRole = caller.Type == "Role";
        var policies = new GeneratedPolicies(
            [.. scenario.Identity.Select(Document)],
            isRole && scenario.Session is { } session ? Document(session) : null,
            [.. (scenario.Control ?? []).Select(level => level.Select(Document).ToArray())]);
        var call = new GeneratedCase(
            policies,
            new GeneratedPrincipal(caller.Type, caller.Account, caller.Name, caller.ServiceLinked),
            [.. checks.Split(", ").Select(check => Check(file, scenario, check, context))]);
        var number = (index + 1).ToString(CultureInfo.InvariantCulture);
        return new MatrixRow($"{scenario.Name}, {number}: {rule} {name} {checks}", rule, call, Expected(expected));
    }

    private static GeneratedCheck Check(RowFile file, RowScenario scenario, string text, Dictionary<string, string[]> context)
    {
        var (action, target) = (text.Split(' ', 2)[0], text.Split(' ', 2)[1]);
        var hasTags = target.EndsWith("+tags", StringComparison.Ordinal);
        target = hasTags ? target[..^"+tags".Length] : target;
        var resource = file.Resources.GetValueOrDefault(target) ?? (target.StartsWith("acs:", StringComparison.Ordinal) ? new RowResource(target, []) : throw new InvalidDataException(target));
        var tags = hasTags ? resource.Tags.Select(tag => KeyValuePair.Create($"kms:tag/{tag.Key}", new[] { tag.Value })) : [];
        var policy = scenario.Resource is { } policies && policies.TryGetValue(target, out var statements) ? Document(statements) : null;
        return new GeneratedCheck(action, resource.Arn, [.. context, .. tags], policy, resource.Arn.StartsWith("acs:ram:", StringComparison.Ordinal));
    }

    private static string Document(JsonElement statements) => $$"""{"Version":"1","Statement":{{statements.GetRawText()}}}""";

    private static ReferenceDecision Expected(string text)
    {
        var words = text.Split(' ');
        var layer = words[1].Split('@');
        var place = words.FirstOrDefault(word => char.IsAsciiDigit(word[0]))?.Split('.');
        var check = words.FirstOrDefault(word => word[0] == '#');
        return new ReferenceDecision(
            words[0],
            char.ToUpperInvariant(layer[0][0]) + layer[0][1..],
            layer.Length > 1 ? Number(layer[1]) : -1,
            place is null ? -1 : Number(place[0]),
            place is null ? -1 : Number(place[1]),
            check is null ? 0 : Number(check[1..]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record RowFile(string Format, Dictionary<string, RowCaller> Callers, Dictionary<string, RowResource> Resources, RowScenario[] Scenarios);

    private sealed record RowCaller(string Type, string Account, string Name, bool ServiceLinked = false);

    private sealed record RowResource(string Arn, Dictionary<string, string> Tags);

    private sealed record RowScenario(
        string Name,
        JsonElement[] Identity,
        JsonElement[][] Rows,
        JsonElement? Session = null,
        JsonElement[][]? Control = null,
        Dictionary<string, JsonElement>? Resource = null);
}
