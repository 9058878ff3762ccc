using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>Writes the answer of <c>/policy/simulate</c>. Source: simulator.md 3.</summary>
/// <param name="question">What was asked.</param>
/// <param name="mayReadKeys">Whether stored tags and key policies may be told.</param>
internal sealed class SimulationAnswerWriter(SimulationRequest question, bool mayReadKeys)
{
    public void Write(Utf8JsonWriter json, Verdict verdict, ImmutableArray<SimulatedOutcome> outcomes)
    {
        json.WriteString("decision", verdict.ToString());
        json.WriteStartArray("results");
        foreach (var outcome in outcomes)
        {
            json.WriteStartObject();
            json.WriteNumber("call", outcome.Call.Index);
            Write(json, outcome);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        question.Context.Write(json);
        if (question.Detail != ExplainDetail.None)
        {
            json.WriteString("text", Text(outcomes.First(outcome => outcome.Verdict == verdict)));
        }
    }

    private void Write(Utf8JsonWriter json, SimulatedOutcome outcome)
    {
        if (outcome.Result is not { } result)
        {
            WriteOpen(json, outcome);
            return;
        }

        SimulationWriter.WriteMembers(json, result, question.Detail, Story(result, outcome.IsShared), outcome.Call.Context.IsGiven);
        if (outcome.Pending is not null && result.Decision.IsAllowed)
        {
            json.WriteString("pending", outcome.Pending);
        }
    }

    private static void WriteOpen(Utf8JsonWriter json, SimulatedOutcome outcome)
    {
        json.WriteString("action", outcome.Call.Action.Name);
        json.WriteString("asked", SimulatorAccess.Anything);
        json.WriteString("resource", SimulatorAccess.Anything);
        json.WriteString("via", "container");
        json.WriteString("decision", nameof(Verdict.Allow));
        json.WriteString("text", OpenText(outcome));
    }

    /// <summary>
    /// What may be told of a result. Where stored tags and key policies may not be told, a denial is explained as it would be for
    /// a key that has none; if that would be another verdict, not at all. Of another account's key the tags are never told.
    /// </summary>
    private SimulationResult? Story(SimulationResult result, bool isShared)
    {
        if (!isShared && (mayReadKeys || result.Decision.IsAllowed))
        {
            return result;
        }

        var plain = new SimulatedCheck(result.Call.Action, result.Resource with { Tags = [], Policy = isShared ? result.Resource.Policy : null });
        var told = PolicySimulator.Judge(result.Caller, [plain], result.Call.Context);
        return told.Decision.Verdict == result.Decision.Verdict ? told : null;
    }

    private string Text(SimulatedOutcome outcome)
    {
        if (outcome.Result is not { } result)
        {
            return OpenText(outcome);
        }

        var (word, verb) = result.Decision.IsAllowed ? ("Allowed", "is allowed") : ("Denied", "is not allowed");
        return Story(result, outcome.IsShared)?.Text ?? $"{word}: {result.Check.Action} {verb} on {result.Check.Resource}.";
    }

    private static string OpenText(SimulatedOutcome outcome) => $"Allowed: {outcome.Call.Action.Name} needs a valid signature and no permission.";
}
