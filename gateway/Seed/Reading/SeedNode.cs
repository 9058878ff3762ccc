using System.Globalization;
using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>What a value of a seed file is.</summary>
internal enum SeedNodeKind
{
    None = 0,
    Mapping,
    List,
    Text,
    Boolean,
    Null,
}

/// <summary>One member of a mapping.</summary>
internal readonly record struct SeedMember(string Name, SeedNode Value);

/// <summary>A value of a seed file with its place, the same whether it came out of YAML or JSON. Numbers are text.</summary>
/// <param name="File">Path as it was given.</param>
/// <param name="Line">From 1.</param>
/// <param name="Path">Where it stands: <c>accounts.2000000000000002.users.alice.policies[0]</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Of scalars.</param>
internal sealed record SeedNode(string File, int Line, string Path, SeedNodeKind Kind, string Text)
{
    public IReadOnlyList<SeedMember> Members { get; init; } = [];

    public IReadOnlyList<SeedNode> Items { get; init; } = [];

    /// <summary>Exit code 64, naming file, line and member.</summary>
    public StartupException Fault(string message) =>
        new(StartupException.BadSettings, string.Create(CultureInfo.InvariantCulture, $"{File}, line {Line}, {(Path.Length == 0 ? "the whole file" : Path)}: {message}"));

    /// <summary>The member of that name; null when it is absent, or null.</summary>
    public SeedNode? Find(string name)
    {
        var found = Expect(SeedNodeKind.Mapping, "a mapping").Members.FirstOrDefault(member => member.Name == name).Value;
        return found is null or { Kind: SeedNodeKind.Null } ? null : found;
    }

    /// <summary>Refuses members that the format does not have.</summary>
    public SeedNode WithMembers(params string[] known)
    {
        foreach (var (name, value) in Expect(SeedNodeKind.Mapping, "a mapping").Members)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw value.Fault($"unknown; the nearest known member is {NearestName.Of(name, known)}.");
            }
        }

        return this;
    }

    public string AsText() => Expect(SeedNodeKind.Text, "a text").Text;

    public bool AsBoolean() => Expect(SeedNodeKind.Boolean, "true or false").Text == "true";

    public IReadOnlyList<SeedNode> AsList() => Expect(SeedNodeKind.List, "a list").Items;

    /// <summary>The members of the mapping of that name; none when it is absent.</summary>
    public IReadOnlyList<SeedMember> Entries(string name) => Find(name)?.Expect(SeedNodeKind.Mapping, "a mapping").Members ?? [];

    /// <summary>The items of the list of that name; none when it is absent.</summary>
    public IReadOnlyList<SeedNode> List(string name) => Find(name)?.AsList() ?? [];

    /// <summary>As JSON, every scalar a string: what policies hold.</summary>
    public JsonNode ToJson() => Kind switch
    {
        SeedNodeKind.Mapping => new JsonObject(Members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, member.Value.ToJson()))),
        SeedNodeKind.List => new JsonArray([.. Items.Select(item => item.ToJson())]),
        SeedNodeKind.Null => throw Fault("must have a value."),
        _ => JsonValue.Create(Text),
    };

    /// <summary>The node that a JSON pointer leads to from here, or the last one on the way.</summary>
    public SeedNode At(string pointer)
    {
        var node = this;
        foreach (var step in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = node.Kind == SeedNodeKind.List && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < node.Items.Count
                ? node.Items[index]
                : node.Members.FirstOrDefault(member => member.Name == name).Value;
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return node;
    }

    private SeedNode Expect(SeedNodeKind kind, string name) => Kind == kind ? this : throw Fault($"must be {name}.");
}
