using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Gateway.Simulator;

/// <summary>Findings in the shape of simulator.md 7.</summary>
internal static class FindingJson
{
    public static JsonArray Of(ImmutableArray<Finding> findings) => [.. findings.Select(OfFinding)];

    private static JsonObject OfFinding(Finding finding) => new()
    {
        ["findingType"] = TypeOf(finding.Type),
        ["issueCode"] = finding.IssueCode,
        ["findingDetails"] = finding.Details,
        ["locations"] = new JsonArray([.. finding.Locations.Select(OfLocation)]),
    };

    private static string TypeOf(FindingType type) => type switch
    {
        FindingType.Error => "ERROR",
        FindingType.SecurityWarning => "SECURITY_WARNING",
        FindingType.Warning => "WARNING",
        FindingType.Suggestion => "SUGGESTION",
        _ => throw new InvalidOperationException("a finding has a type"),
    };

    private static JsonObject OfLocation(FindingLocation location) => new()
    {
        ["path"] = new JsonArray([.. location.Path.Select(step => step.Member is { } name ? JsonValue.Create(name) : (JsonNode)JsonValue.Create(step.Index))]),
        ["span"] = new JsonObject { ["start"] = OfPosition(location.Span.Start), ["end"] = OfPosition(location.Span.End) },
    };

    private static JsonObject OfPosition(SourcePosition position) => new()
    {
        ["line"] = position.Line,
        ["column"] = position.Column,
        ["offset"] = position.Offset,
    };
}
