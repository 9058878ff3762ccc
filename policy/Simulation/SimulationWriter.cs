using System.Text.Json;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Simulation;

/// <summary>Answers as JSON. Source: simulator.md 3 and 4.</summary>
public static class SimulationWriter
{
    /// <summary>Writes the members <c>decision</c> and <c>results</c> into an object the caller has begun.</summary>
    public static void Write(Utf8JsonWriter writer, SimulationAnswer answer, ExplainDetail detail)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(answer);
        writer.WriteString("decision", answer.Verdict.ToString());
        writer.WriteStartArray("results");
        foreach (var result in answer.Results)
        {
            Write(writer, result, detail);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes one result as an object.</summary>
    public static void Write(Utf8JsonWriter writer, SimulationResult result, ExplainDetail detail)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteMembers(writer, result, detail, result, static _ => true);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members of a result into an object the caller has begun.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="result">What was decided.</param>
    /// <param name="detail">How much of it to tell.</param>
    /// <param name="story">What is told of it: the same result, or one that knows less of the resource; null to tell nothing.</param>
    /// <param name="isGiven">Whether the asker gave a condition key, and is told when nothing uses it.</param>
    public static void WriteMembers(Utf8JsonWriter writer, SimulationResult result, ExplainDetail detail, SimulationResult? story, Func<string, bool> isGiven)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(result);
        writer.WriteString("action", result.Check.Action);
        writer.WriteString("asked", result.Resource.Asked);
        writer.WriteString("resource", result.Check.Resource);
        writer.WriteString("via", result.Resource.Via);
        writer.WriteString("decision", result.Decision.Verdict.ToString());
        if (detail == ExplainDetail.None)
        {
            return;
        }

        writer.WriteString("policyType", PolicyTypeName.Of(result.Decision.Layer, result.Check));
        if (story is not null)
        {
            WriteStory(writer, story, detail, isGiven);
        }
    }

    private static void WriteStory(Utf8JsonWriter writer, SimulationResult result, ExplainDetail detail, Func<string, bool> isGiven)
    {
        var story = result.Explain();
        var all = result.ExplainAll();
        WriteStatements(writer, "decidedBy", story.DecidedBy.Select(reference => all.Single(statement => statement.Reference == reference)), result.Caller);
        WriteStatements(writer, "nearest", story.Nearest, result.Caller);
        if (detail == ExplainDetail.All)
        {
            WriteStatements(writer, "statements", all, result.Caller);
        }

        WriteTexts(writer, "missingContext", story.MissingContext);
        WriteTexts(writer, "unusedContext", story.UnusedContext.Where(isGiven));
        writer.WriteString("text", story.Describe(result.Caller.NameOf));
    }

    private static void WriteStatements(Utf8JsonWriter writer, string name, IEnumerable<StatementExplanation> statements, SimulatedPrincipal caller)
    {
        writer.WriteStartArray(name);
        foreach (var statement in statements)
        {
            StatementWriter.Write(writer, statement, caller);
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
