using System.Text.Json.Nodes;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>The documents of the cells, as texts.</summary>
internal static class MatrixDocuments
{
    internal const string FullAccess = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    /// <summary>A session policy that speaks of something else: a session has one or has none, but none would not narrow.</summary>
    internal const string Unrelated = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}""";

    internal static bool IsKey(string resource) => resource.Contains(":key/", StringComparison.Ordinal);

    internal static bool IsRole(string resource) => resource.StartsWith("acs:ram:", StringComparison.Ordinal) && resource.Contains(":role/target", StringComparison.Ordinal);

    internal static string Identity(string effect, string[] actions, string[] resources, string? tagOperator) =>
        Document(new JsonObject { ["Effect"] = effect, ["Action"] = List(actions), ["Resource"] = List(resources) }, tagOperator);

    internal static string Resource(string effect, GeneratedPrincipal caller, string[] actions, bool isTrust, string? tagOperator)
    {
        var entry = caller.Type == "Root" ? $"acs:ram::{caller.Account}:root" : $"acs:ram::{caller.Account}:{caller.Type.ToLowerInvariant()}/{caller.Name}";
        var service = isTrust ? "sts:" : "kms:";
        var statement = new JsonObject
        {
            ["Effect"] = effect,
            ["Principal"] = new JsonObject { ["RAM"] = entry },
            ["Action"] = List([.. actions.Where(action => action.StartsWith(service, StringComparison.Ordinal)).DefaultIfEmpty(service + "Nothing")]),
        };
        if (!isTrust)
        {
            statement["Resource"] = "*";
        }

        return Document(statement, tagOperator);
    }

    private static string Document(JsonObject statement, string? tagOperator)
    {
        if (tagOperator is not null)
        {
            statement["Condition"] = new JsonObject { [tagOperator] = new JsonObject { [$"kms:tag/{MatrixWorld.TagKey}"] = "Apollo" } };
        }

        return new JsonObject { ["Version"] = "1", ["Statement"] = new JsonArray(statement) }.ToJsonString();
    }

    private static JsonArray List(string[] texts) => [.. texts.Select(text => (JsonNode)JsonValue.Create(text))];
}
