using System.Collections.Frozen;
using System.Text.Json;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>One golden case. Source: README of the golden cases.</summary>
/// <param name="Name">Unique in its run.</param>
/// <param name="Run">What differs; null when the case passes. A case that cannot be read ends in an exception naming the place.</param>
internal sealed record GoldenCase(string Name, Func<string?> Run)
{
    private const string Format = "kmsgateway-policy-cases/1";

    private static readonly FrozenDictionary<string, Func<InputNode, IEnumerable<GoldenCase>>> Kinds = new Dictionary<string, Func<InputNode, IEnumerable<GoldenCase>>>
    {
        ["decision"] = DecisionCase.All,
        ["validation"] = ValidationCase.All,
        ["resolution"] = ResolutionCase.All,
        ["action-table"] = ActionTableCase.All,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The cases of a file, in order.</summary>
    public static IEnumerable<GoldenCase> ReadFile(string path)
    {
        var file = InputNode.Read(path);
        if (file.Required("format").Text() != Format)
        {
            throw file.Required("format").Fault($"must be {Format}.");
        }

        var kind = file.Required("kind");
        return Kinds.TryGetValue(kind.Text(), out var read)
            ? read(file)
            : throw kind.Fault($"must be one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))}.");
    }

    /// <summary>The cases of a file that is a list of them, each checked for members that it does not have before it is run.</summary>
    public static IEnumerable<GoldenCase> List(InputNode file, Func<InputNode, string?> run, params string[] members)
    {
        file.WithMembers("format", "kind", "topic", "state", "cases");
        return file.Required("cases").Items().Select(item => new GoldenCase(NameOf(item, "name"), () =>
        {
            item.WithMembers(["name", "rule", "why", "expect", .. members]).Required("name").Text();
            return run(item);
        }));
    }

    /// <summary>The name; the place where there is none, which running the case then tells.</summary>
    public static string NameOf(InputNode item, string member) =>
        item.Element.ValueKind == JsonValueKind.Object && item.Find(member) is { Element.ValueKind: JsonValueKind.String } name ? name.Text() : item.Pointer;

    /// <summary>True or false; absent is false.</summary>
    public static bool Flag(InputNode? node) => node?.Element.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw node.Fault("must be true or false."),
    };
}
