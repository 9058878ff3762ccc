using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Simulation;

/// <summary>One statement, part by part. Source: simulator.md 4.</summary>
internal static class StatementWriter
{
    internal static void Write(Utf8JsonWriter writer, StatementExplanation explained, SimulatedPrincipal caller)
    {
        writer.WriteStartObject();
        WritePlace(writer, explained.Reference, caller);
        writer.WriteNumber("statement", explained.Reference.Statement);
        if (explained.Statement.Sid is { } sid)
        {
            writer.WriteString("sid", sid);
        }

        writer.WriteString("effect", explained.Statement.Effect.ToString());
        WriteSpan(writer, explained.Statement.Span);
        WritePart(writer, "action", explained.Action, ResourceMiss.None);
        WritePart(writer, "resource", explained.Resource, explained.ResourceMiss);
        if (explained.Principal != PrincipalOutcome.None)
        {
            writer.WriteString("principal", explained.Principal.ToString());
        }

        WriteConditions(writer, explained);
        writer.WriteNumber("missedBy", explained.MissedBy);
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, StatementReference reference, SimulatedPrincipal caller)
    {
        writer.WriteString("layer", reference.Layer.ToString());
        if (reference.Layer != PolicyLayer.Identity)
        {
            return;
        }

        var policy = caller.Policies[reference.Policy];
        writer.WriteString("policy", policy.Name);
        if (policy.Version.Length > 0)
        {
            writer.WriteString("version", policy.Version);
        }

        if (policy.AttachedTo.Length > 0)
        {
            writer.WriteString("attachedTo", policy.AttachedTo);
        }
    }

    private static void WriteSpan(Utf8JsonWriter writer, SourceSpan span)
    {
        writer.WriteStartObject("span");
        WritePosition(writer, "start", span.Start);
        WritePosition(writer, "end", span.End);
        writer.WriteEndObject();
    }

    private static void WritePosition(Utf8JsonWriter writer, string name, SourcePosition position)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("line", position.Line);
        writer.WriteNumber("column", position.Column);
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, string name, PartExplanation part, ResourceMiss reason)
    {
        writer.WriteStartObject(name);
        if (part.Matched is { } matched)
        {
            writer.WriteString("matched", matched);
        }
        else if (part.ExcludedBy is { } excluded)
        {
            writer.WriteString("excludedBy", excluded);
        }
        else if (!part.IsMet)
        {
            WriteTexts(writer, "unmatched", part.Unmatched);
        }

        if (!part.IsMet && reason != ResourceMiss.None)
        {
            writer.WriteString("reason", reason.ToString());
        }

        writer.WriteEndObject();
    }

    private static void WriteConditions(Utf8JsonWriter writer, StatementExplanation explained)
    {
        writer.WriteStartArray("conditions");
        foreach (var condition in explained.Conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("operator", condition.Condition.Operator.Name);
            writer.WriteString("key", condition.Condition.Key.Text);
            WriteTexts(writer, "wanted", condition.Condition.Values);
            if (condition.Found.IsEmpty)
            {
                writer.WriteNull("found");
            }
            else
            {
                WriteTexts(writer, "found", condition.Found);
            }

            writer.WriteString("result", condition.Outcome.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
