using System.Text.Json.Nodes;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Golden cases of the kind resolution: which checks does one call of the key service need?</summary>
internal static class ResolutionCase
{
    private const string Ciphertext = "CiphertextBlob";

    public static IEnumerable<GoldenCase> All(InputNode file)
    {
        var state = new ResolutionState(file.Required("state"));
        return GoldenCase.List(file, item => Run(item, state), "call");
    }

    private static string? Run(InputNode item, ResolutionState state)
    {
        var call = item.Required("call").WithMembers("api", "params");
        var action = KmsVocabulary.Find(call.Required("api").Text()) ?? throw call.Required("api").Fault("is no call of the key service.");
        var parameters = call.Required("params").Members().ToDictionary(
            pair => pair.Name, pair => pair.Name == Ciphertext ? state.Blob(pair.Value.Text()) : pair.Value.Text(), StringComparer.Ordinal);
        var expected = JsonNode.Parse(Expected(item.Required("expect")).Element.GetRawText());
        var actual = Render(action, parameters, state);
        return JsonNode.DeepEquals(expected, actual) ? null : $"expected {expected!.ToJsonString()}, is {actual.ToJsonString()}";
    }

    private static InputNode Expected(InputNode expect)
    {
        expect.WithMembers("checks", "error");
        var checks = expect.Find("checks");
        if (checks is null == expect.Find("error") is null)
        {
            throw expect.Fault("holds checks or error.");
        }

        foreach (var check in checks?.Items() ?? [])
        {
            check.WithMembers("action", "resource", "context");
        }

        return expect;
    }

    private static JsonObject Render(KmsAction action, Dictionary<string, string> parameters, ResolutionState state)
    {
        if (!KmsCall.TryRead(action, parameters.GetValueOrDefault, state.Account, state.Region, out var call, out var fault))
        {
            return new JsonObject { ["error"] = fault.Code };
        }

        var answer = call.Checks([.. call.References.Select(state.Find)]);
        return answer.Pending is { } pending
            ? new JsonObject { ["error"] = pending.Code }
            : new JsonObject { ["checks"] = new JsonArray([.. answer.Checks.Select(Render)]) };
    }

    private static JsonObject Render(KmsCheck check) => new()
    {
        ["action"] = check.Action,
        ["resource"] = check.Resource,
        ["context"] = new JsonObject(check.Context.Entries.Select(entry =>
            KeyValuePair.Create(entry.Key, (JsonNode?)new JsonArray([.. entry.Value.Select(value => JsonValue.Create(value))])))),
    };
}
