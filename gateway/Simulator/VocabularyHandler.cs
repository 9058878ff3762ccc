using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary><c>GET /policy/vocabulary</c>: what a policy may speak of here. Source: simulator.md 2.</summary>
internal sealed class VocabularyHandler : ISimulatorHandler
{
    public Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(SimulatorAnswer.Json(request.Call.RequestId, Write));

    private static void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("actions");
        foreach (var action in ActionCatalogue.All)
        {
            Write(json, action);
        }

        json.WriteEndArray();
        WriteResourceTypes(json);
        WriteConditionKeys(json);
        WriteOperators(json);
    }

    private static void Write(Utf8JsonWriter json, ActionDescriptor action)
    {
        json.WriteStartObject();
        json.WriteString("action", SimulatedAction.NameOf(action));
        json.WriteString("access", action.Access.ToString());
        json.WriteBoolean("isAnswered", action.Answerer is Answerer.Core or Answerer.Gateway);
        json.WriteStartArray("checks");
        foreach (var check in action.Kms?.Checks ?? [])
        {
            WriteCheck(json, check.Action, check.Target.ToString(), check.CarriesTags, check.IsOptional);
        }

        foreach (var resource in action.Resources)
        {
            WriteCheck(json, action.Permission!, resource.Template, carriesTags: false, isOptional: false);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCheck(Utf8JsonWriter json, string permission, string on, bool carriesTags, bool isOptional)
    {
        json.WriteStartObject();
        json.WriteString("permission", permission);
        json.WriteString("on", on);
        json.WriteBoolean("carriesTags", carriesTags);
        json.WriteBoolean("isOptional", isOptional);
        json.WriteEndObject();
    }

    private static void WriteResourceTypes(Utf8JsonWriter json)
    {
        json.WriteStartArray("resourceTypes");
        foreach (var type in new[] { "key", "alias", "secret", "certificate" })
        {
            WriteType(json, type, $"acs:kms:${{Region}}:${{AccountId}}:{type}/${{Name}}", $"acs:kms:${{Region}}:${{AccountId}}:{type}");
        }

        foreach (var type in ActionCatalogue.All.SelectMany(action => action.Resources).Select(resource => resource.Collection).Distinct(StringComparer.Ordinal))
        {
            WriteType(json, type, $"acs:ram::${{AccountId}}:{type}/${{Name}}", $"acs:ram::${{AccountId}}:{type}/*");
        }

        json.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter json, string type, string arn, string container)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("arn", arn);
        json.WriteString("container", container);
        json.WriteEndObject();
    }

    private static void WriteConditionKeys(Utf8JsonWriter json)
    {
        json.WriteStartArray("conditionKeys");
        foreach (var key in ConditionKeyVocabulary.All)
        {
            json.WriteStartObject();
            json.WriteString("key", key.Name);
            json.WriteString("valueKind", key.ValueKind.ToString());
            json.WriteString("supplied", key.Supply.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("tagKeyPrefix", KmsVocabulary.TagKeyPrefix);
    }

    private static void WriteOperators(Utf8JsonWriter json)
    {
        json.WriteStartArray("operators");
        foreach (var op in ConditionOperators.All)
        {
            json.WriteStartObject();
            json.WriteString("name", op.Name);
            json.WriteString("valueKind", op.ValueKind.ToString());
            json.WriteBoolean("isNegated", op.IsNegated);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
