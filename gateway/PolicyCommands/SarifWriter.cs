using System.Text.Json;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A rule of a SARIF log.</summary>
/// <param name="Id">Name of the rule.</param>
/// <param name="Level"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Text">What it finds.</param>
internal sealed record SarifRule(string Id, string Level, string Text);

/// <summary>A place in a SARIF log.</summary>
/// <param name="File">Path of the file, as the user gave it.</param>
/// <param name="Span">The piece of its text; null for the file as a whole.</param>
/// <param name="Name">The place by its name in the document: a JSON pointer, or a cell.</param>
internal sealed record SarifPlace(string File, SourceSpan? Span, string Name);

/// <summary>Results as a SARIF 2.1.0 log of one run, with line and column in code points, as <see cref="SourcePosition"/> counts them.</summary>
internal sealed class SarifWriter(Utf8JsonWriter writer, IReadOnlyList<SarifRule> rules)
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <summary>Writes the members of the log; <paramref name="results"/> calls <see cref="Result"/> for each.</summary>
    /// <param name="results">Writes the results.</param>
    /// <param name="notices">What the user should know about the run itself.</param>
    public void Log(Action results, IReadOnlyList<string> notices)
    {
        writer.WriteString("$schema", Schema);
        writer.WriteString("version", "2.1.0");
        writer.WriteStartArray("runs");
        writer.WriteStartObject();
        WriteTool();
        WriteInvocation(notices);
        writer.WriteString("columnKind", "unicodeCodePoints");
        writer.WriteStartArray("results");
        results();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>One result: a rule broken at the first place; the others belong to it.</summary>
    public void Result(string rule, string message, IReadOnlyList<SarifPlace> places)
    {
        var index = rules.Index().First(entry => entry.Item.Id == rule).Index;
        writer.WriteStartObject();
        writer.WriteString("ruleId", rule);
        writer.WriteNumber("ruleIndex", index);
        writer.WriteString("level", rules[index].Level);
        WriteMessage("message", message);
        WritePlaces("locations", places.Take(1));
        WritePlaces("relatedLocations", places.Skip(1));
        writer.WriteEndObject();
    }

    /// <summary>A relative reference, or a file URI for an absolute path.</summary>
    internal static string UriOf(string path)
    {
        var escaped = string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
        return path.StartsWith('/') ? $"file://{escaped}" : escaped;
    }

    private void WriteTool()
    {
        writer.WriteStartObject("tool");
        writer.WriteStartObject("driver");
        writer.WriteString("name", "KmsGateway");
        writer.WriteString("version", ProgramVersion.Text);
        writer.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("id", rule.Id);
            WriteMessage("shortDescription", rule.Text);
            writer.WriteStartObject("defaultConfiguration");
            writer.WriteString("level", rule.Level);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteInvocation(IReadOnlyList<string> notices)
    {
        writer.WriteStartArray("invocations");
        writer.WriteStartObject();
        writer.WriteBoolean("executionSuccessful", true);
        writer.WriteStartArray("toolExecutionNotifications");
        foreach (var notice in notices)
        {
            writer.WriteStartObject();
            writer.WriteString("level", "warning");
            WriteMessage("message", notice);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WritePlaces(string name, IEnumerable<SarifPlace> places)
    {
        writer.WriteStartArray(name);
        foreach (var place in places)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("physicalLocation");
            writer.WriteStartObject("artifactLocation");
            writer.WriteString("uri", UriOf(place.File));
            writer.WriteEndObject();
            if (place.Span is { } span)
            {
                WriteRegion(span);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("logicalLocations");
            writer.WriteStartObject();
            writer.WriteString("fullyQualifiedName", place.Name);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteRegion(SourceSpan span)
    {
        writer.WriteStartObject("region");
        writer.WriteNumber("startLine", span.Start.Line);
        writer.WriteNumber("startColumn", span.Start.Column);
        writer.WriteNumber("endLine", span.End.Line);
        writer.WriteNumber("endColumn", span.End.Column);
        writer.WriteEndObject();
    }

    private void WriteMessage(string name, string text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }
}
