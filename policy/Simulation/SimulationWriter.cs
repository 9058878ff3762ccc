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
        ArgumentNullException.ThrowIfNull(result);
        writer.WriteStartObject();
        writer.WriteString("action", result.Call.Action);
        writer.WriteString("asked", result.Resource.Asked);
        writer.WriteString("resource", result.Resource.Arn);
        writer.WriteString("via", result.Resource.Via);
        writer.WriteString("decision", result.Decision.Verdict.ToString());
        if (detail != ExplainDetail.None)
        {
            WriteStory(writer, result, detail);
        }

        writer.WriteEndObject();
    }

    private static void WriteStory(Utf8JsonWriter writer, SimulationResult result, ExplainDetail detail)
    {
        var story = result.Explain();
        var all = result.ExplainAll();
        writer.WriteString("policyType", PolicyTypeOf(story.Decision.Layer, story.Check));
        WriteStatements(writer, "decidedBy", story.DecidedBy.Select(reference => all.Single(statement => statement.Reference == reference)), result.Caller);
        WriteStatements(writer, "nearest", story.Nearest, result.Caller);
        if (detail == ExplainDetail.All)
        {
            WriteStatements(writer, "statements", all, result.Caller);
        }

        WriteTexts(writer, "missingContext", story.MissingContext);
        WriteTexts(writer, "unusedContext", story.UnusedContext);
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

    /// <summary>The names of ram-policy.md 10.</summary>
    private static string PolicyTypeOf(PolicyLayer layer, PolicyCheck check) => layer switch
    {
        PolicyLayer.Control => "ControlPolicy",
        PolicyLayer.Session => "SessionPolicy",
        PolicyLayer.Resource when check.Action.StartsWith("sts:", StringComparison.OrdinalIgnoreCase) => "AssumeRolePolicy",
        PolicyLayer.Resource => "ResourceBasedPolicy",
        _ => "AccountLevelIdentityBasedPolicy",
    };
}
