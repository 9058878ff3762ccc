using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.GoldenCases;

/// <summary>A decision case as the engine takes it.</summary>
internal sealed record DecisionCase(PolicySet Policies, AuthorizationRequest Request)
{
    internal static DecisionCase Of(JsonElement item)
    {
        var policies = item.TryGetProperty("policies", out var given) ? given : default;
        return new DecisionCase(ReadPolicies(policies), ReadRequest(item.GetProperty("request"), policies));
    }

    internal static PolicyDocument Parse(string text, PolicyKind kind)
    {
        var result = PolicyParser.Parse(text, kind);
        return result.Document ?? throw new InvalidDataException($"{string.Join("; ", result.Faults)} in {text}");
    }

    private static PolicySet ReadPolicies(JsonElement policies)
    {
        if (policies.ValueKind != JsonValueKind.Object)
        {
            return PolicySet.Empty;
        }

        var control = policies.TryGetProperty("control", out var levels)
            ? levels.EnumerateArray().Select(level => ReadList(level, PolicyKind.Control)).ToImmutableArray()
            : [];
        var session = policies.TryGetProperty("session", out var document) ? Parse(document.GetRawText(), PolicyKind.Session) : null;
        var identity = policies.TryGetProperty("identity", out var list) ? ReadList(list, PolicyKind.Identity) : [];
        return new PolicySet(identity, session, control);
    }

    private static ImmutableArray<PolicyDocument> ReadList(JsonElement list, PolicyKind kind) =>
        [.. list.EnumerateArray().Select(document => Parse(document.GetRawText(), kind))];

    private static AuthorizationRequest ReadRequest(JsonElement request, JsonElement policies)
    {
        var checks = request.GetProperty("resources").EnumerateArray().Select(resource => new PolicyCheck(
            request.GetProperty("action").GetString()!,
            resource.GetString()!,
            ReadContext(request, resource.GetString()!),
            ReadResourcePolicy(policies, resource.GetString()!)));
        return new AuthorizationRequest(ReadPrincipal(request.GetProperty("principal")), [.. checks]);
    }

    private static PolicyPrincipal ReadPrincipal(JsonElement principal)
    {
        var type = principal.GetProperty("type").GetString() switch
        {
            "user" => PrincipalType.User,
            "role" => PrincipalType.Role,
            "root" => PrincipalType.Root,
            "service" => PrincipalType.Service,
            "federated" => PrincipalType.Federated,
            var other => throw new InvalidDataException(other),
        };
        return new PolicyPrincipal(
            type,
            Text(principal, "account"),
            type == PrincipalType.Federated ? Text(principal, "arn") : Text(principal, "name"),
            principal.TryGetProperty("serviceLinked", out var linked) && linked.GetBoolean());
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static ConditionContext ReadContext(JsonElement request, string resource)
    {
        var entries = new List<KeyValuePair<string, ImmutableArray<string>>>();
        if (request.TryGetProperty("context", out var common))
        {
            entries.AddRange(ReadEntries(common));
        }

        if (request.TryGetProperty("resourceContext", out var perResource) && perResource.TryGetProperty(resource, out var own))
        {
            entries.AddRange(ReadEntries(own));
        }

        return new ConditionContext(entries);
    }

    private static IEnumerable<KeyValuePair<string, ImmutableArray<string>>> ReadEntries(JsonElement context) =>
        context.EnumerateObject().Select(entry => KeyValuePair.Create(
            entry.Name,
            entry.Value.EnumerateArray().Select(value => value.GetString()!).ToImmutableArray()));

    private static PolicyDocument? ReadResourcePolicy(JsonElement policies, string resource)
    {
        if (policies.ValueKind != JsonValueKind.Object
            || !policies.TryGetProperty("resource", out var byArn)
            || !byArn.TryGetProperty(resource, out var document))
        {
            return null;
        }

        var isRole = resource.StartsWith("acs:ram:", StringComparison.Ordinal);
        return Parse(document.GetRawText(), isRole ? PolicyKind.Trust : PolicyKind.Key);
    }
}
