using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>Findings as JSON. Source: simulator.md 7.</summary>
public static class FindingWriter
{
    /// <summary>Writes the members <c>findings</c> and <c>unfinished</c> into an object the caller has begun.</summary>
    public static void Write(Utf8JsonWriter writer, LintReport report)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(report);
        writer.WritePropertyName("findings");
        WriteArray(writer, report.Findings);
        writer.WriteStartArray("unfinished");
        foreach (var code in report.Unfinished)
        {
            writer.WriteStringValue(code);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the findings alone, as an array.</summary>
    public static void WriteArray(Utf8JsonWriter writer, ImmutableArray<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var finding in findings)
        {
            Write(writer, finding);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("findingType", FindingCodes.NameOf(finding.Type));
        writer.WriteString("issueCode", finding.IssueCode);
        writer.WriteString("findingDetails", finding.Details);
        writer.WriteStartArray("locations");
        foreach (var location in finding.Locations)
        {
            Write(writer, location);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, FindingLocation location)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("path");
        foreach (var step in location.Path)
        {
            if (step.Member is { } name)
            {
                writer.WriteStringValue(name);
            }
            else
            {
                writer.WriteNumberValue(step.Index);
            }
        }

        writer.WriteEndArray();
        writer.WriteStartObject("span");
        Write(writer, "start", location.Span.Start);
        Write(writer, "end", location.Span.End);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, SourcePosition position)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("line", position.Line);
        writer.WriteNumber("column", position.Column);
        writer.WriteNumber("offset", position.Offset);
        writer.WriteEndObject();
    }
}
