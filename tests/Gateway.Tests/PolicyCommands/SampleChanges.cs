using System.Text.Json.Nodes;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary>Small changes to a policy, the slips of an author among them; each makes another policy of the same kind.</summary>
internal static class SampleChanges
{
    internal static IEnumerable<(string Label, JsonNode Policy)> Of(JsonNode policy)
    {
        for (var at = 0; at < policy["Statement"]!.AsArray().Count; at++)
        {
            var statement = policy["Statement"]![at]!.AsObject();
            yield return Change("effect turned", changed => changed["Effect"] = (string?)statement["Effect"] == "Allow" ? "Deny" : "Allow");

            var widest = WidestAction(statement);
            if (widest is not null && !Texts(statement["Action"]).Contains(widest, StringComparer.Ordinal))
            {
                yield return Change("every action", changed => changed["Action"] = widest);
            }

            if (statement.ContainsKey("NotResource") || (statement.ContainsKey("Resource") && !Texts(statement["Resource"]).Contains("*", StringComparer.Ordinal)))
            {
                yield return Change("every resource", changed =>
                {
                    changed.Remove("NotResource");
                    changed["Resource"] = "*";
                });
            }

            foreach (var list in new[] { "Action", "Resource", "NotResource" }.Where(list => statement[list] is JsonArray { Count: > 1 }))
            {
                for (var i = 0; i < statement[list]!.AsArray().Count; i++)
                {
                    var index = i;
                    yield return Change($"{list} {index} left out", changed => changed[list]!.AsArray().RemoveAt(index));
                }
            }

            foreach (var (name, key) in Tests(statement))
            {
                yield return Change($"{name} of {key} left out", changed => Remove(changed["Condition"]!.AsObject(), name, key));
            }

            (string Label, JsonNode Policy) Change(string label, Action<JsonObject> change)
            {
                var copy = policy.DeepClone();
                change(copy["Statement"]![at]!.AsObject());
                return ($"{at}: {label}", copy);
            }
        }
    }

    /// <summary>A trust policy has one action in practice; the matrices ask about no other.</summary>
    private static string? WidestAction(JsonObject statement) =>
        !statement.ContainsKey("Principal") ? "*" : statement.ContainsKey("Resource") ? "kms:*" : null;

    private static IEnumerable<string> Texts(JsonNode? list) =>
        list is JsonArray items ? items.Select(item => (string)item!) : [(string)list!];

    private static IEnumerable<(string Operator, string Key)> Tests(JsonObject statement) =>
        (statement["Condition"] as JsonObject ?? []).SelectMany(block => block.Value!.AsObject().Select(test => (block.Key, test.Key)));

    private static void Remove(JsonObject condition, string name, string key)
    {
        var block = condition[name]!.AsObject();
        block.Remove(key);
        if (block.Count == 0)
        {
            condition.Remove(name);
        }
    }
}
