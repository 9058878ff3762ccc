using System.Text.Json;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Trail;

/// <summary>The member <c>decision</c> of an event: what was decided, by which statement of which policy, and for a denial why.</summary>
internal static class DecisionRecord
{
    public static void Write(Utf8JsonWriter json, Judgement judgement)
    {
        var decision = judgement.Decision;
        json.WriteStartObject("decision");
        json.WriteString("effect", decision.Verdict.ToString());
        json.WriteString("action", judgement.Check.Action);
        json.WriteString("resource", judgement.Check.Resource);
        json.WriteString("layer", decision.Layer.ToString());
        if (decision.Policy >= 0)
        {
            json.WriteString("policy", judgement.NameOf(new StatementReference(decision.Layer, decision.Level, decision.Policy, decision.Statement)));
            json.WriteNumber("statement", decision.Statement);
        }

        if (!decision.IsAllowed)
        {
            json.WriteString("reason", judgement.Explain().Describe(judgement.NameOf));
        }

        json.WriteEndObject();
    }
}
