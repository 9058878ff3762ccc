using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>What callers are told is what there is.</summary>
internal sealed partial class Walk
{
    /// <summary>Each read, and what it must say.</summary>
    private static readonly (string Action, Func<World, ModelKey, JsonObject> Body, Func<World, ModelKey, string> Expected, Func<JsonNode, string> Told)[] Reads =
    [
        ("DescribeKey", (_, key) => On(key), (_, key) => $"{key.State} {key.Versions.LastOrDefault()} {key.Description} {key.IsProtected}", answer => Metadata(answer["KeyMetadata"]!)),
        ("DescribeKeyVersion", Version, (_, key) => key.Versions[0], answer => (string)answer["KeyVersion"]!["KeyVersionId"]!),
        ("GetKeyPolicy", (_, key) => On(key), (_, key) => key.Policy ?? "kms default key policy", answer => Policy((string)answer["Policy"]!)),
        ("ListKeys", (_, _) => Page(), (world, _) => Sorted(world.Keys.Keys), answer => List(answer["Keys"]!["Key"]!, "KeyId")),
        ("ListKeyVersions", (_, key) => On(key, Page()), (_, key) => Sorted(key.Versions.Reverse().Take(100)), answer => List(answer["KeyVersions"]!["KeyVersion"]!, "KeyVersionId")),
        ("ListAliases", (_, _) => Page(), (world, _) => Sorted(world.Aliases.Keys), answer => List(answer["Aliases"]!["Alias"]!, "AliasName")),
        ("ListAliasesByKeyId", (_, key) => On(key, Page()), (world, key) => Sorted(world.Aliases.Where(alias => alias.Value == key.Id).Select(alias => alias.Key)), answer => List(answer["Aliases"]!["Alias"]!, "AliasName")),
        ("ListResourceTags", (_, key) => On(key), (_, key) => Sorted(key.Tags.Keys), answer => List(answer["Tags"]!["Tag"]!, "TagKey")),
        ("ListTagResources", (_, key) => new JsonObject { ["ResourceType"] = "key", ["ResourceId"] = new JsonArray(key.Id) }, (_, key) => Sorted(key.Tags.Keys), answer => List(answer["TagResources"]!["TagResource"]!, "TagKey")),
        ("DescribeRegions", (_, _) => [], (_, _) => TestCore.Region, answer => List(answer["Regions"]!["Region"]!, "RegionId")),
    ];

    private async Task ReadAsync(ModelKey key)
    {
        var (action, body, expected, told) = Reads[chance.Next(Reads.Length)];
        if (action == "DescribeKeyVersion" && key.Versions.IsEmpty)
        {
            return;
        }

        var answer = await UseAsync(action, body(world, key), null);
        if (answer is not null)
        {
            Assert.Equal(expected(world, key), told(answer));
        }
    }

    private static JsonObject On(ModelKey key, JsonObject? more = null)
    {
        var body = more ?? [];
        body["KeyId"] = key.Id;
        return body;
    }

    private static JsonObject Page() => new() { ["PageSize"] = 100 };

    private static JsonObject Version(World world, ModelKey key) => new() { ["KeyId"] = key.Id, ["KeyVersionId"] = key.Versions[0] };

    private static string Metadata(JsonNode key) =>
        $"{key["KeyState"]} {key["PrimaryKeyVersion"]} {key["Description"]} {(string?)key["DeletionProtection"] == "Enabled"}";

    private static string Policy(string policy) => policy.Contains("kms default key policy", StringComparison.Ordinal) ? "kms default key policy" : policy;

    private static string List(JsonNode items, string name) => Sorted(items.AsArray().Select(item => (string)item![name]!));

    private static string Sorted(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));
}
