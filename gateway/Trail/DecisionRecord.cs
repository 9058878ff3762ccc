using System.Text.Json;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Trail;

/// <summary>The member <c>decision</c> of an event: what was decided, by which statement of which policy, and for a denial why.</summary>
internal static class DecisionRecord
{
    /// <summary>For the caller's trail. Of another account's key it does not tell what its policy and its tags are.</summary>
    public static void Write(Utf8JsonWriter json, Judgement judgement)
    {
        var decision = judgement.Decision;
        var isOwnersPolicy = judgement.IsForeign && decision.Layer == PolicyLayer.Resource;
        json.WriteStartObject("decision");
        json.WriteString("effect", decision.Verdict.ToString());
        json.WriteString("action", judgement.Check.Action);
        json.WriteString("resource", judgement.Check.Resource);
        json.WriteString("layer", decision.Layer.ToString());
        if (decision.Policy >= 0 && !isOwnersPolicy)
        {
            json.WriteString("policy", judgement.NameOf(new StatementReference(decision.Layer, decision.Level, decision.Policy, decision.Statement)));
            json.WriteNumber("statement", decision.Statement);
        }

        if (!decision.IsAllowed && !(judgement.IsForeign && (isOwnersPolicy || decision.Verdict == Verdict.ExplicitDeny)))
        {
            json.WriteString("reason", judgement.ToldToCaller().Explain().Describe(judgement.NameOf));
        }

        json.WriteEndObject();
    }

    /// <summary>For the trail of a key's owner: the outcome on that key, and nothing of the caller's policies.</summary>
    public static void WriteForOwner(Utf8JsonWriter json, Judgement judgement, string owner)
    {
        if (!judgement.IsForeign || !Arn.TryParse(judgement.Check.Resource, out var arn) || arn.Account != owner)
        {
            return;
        }

        json.WriteStartObject("decision");
        json.WriteString("effect", judgement.Decision.Verdict.ToString());
        json.WriteString("action", judgement.Check.Action);
        json.WriteString("resource", judgement.Check.Resource);
        json.WriteString("layer", judgement.Decision.Layer.ToString());
        json.WriteEndObject();
    }
}
