using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Golden cases of the kind decision.</summary>
internal static class DecisionCase
{
    public static IEnumerable<GoldenCase> All(InputNode file) => GoldenCase.List(file, Run, "policies", "request");

    private static string? Run(InputNode item)
    {
        var policies = item.Find("policies")?.WithMembers("control", "session", "identity", "resource");
        var node = item.Required("request").WithMembers("principal", "action", "resources", "context", "resourceContext");
        var request = new AuthorizationRequest(
            Principal(node.Required("principal")), [.. node.Required("resources").Items().Select(resource => Check(node, resource.Text(), policies))]);
        if (request.Checks.IsEmpty)
        {
            throw node.Required("resources").Fault("needs at least one resource.");
        }

        var actual = Render(PolicyEvaluator.Evaluate(Policies(policies), request), request);
        var expect = item.Required("expect").WithMembers("decision", "layer", "level", "policy", "statement", "resource");
        var expected = JsonNode.Parse(expect.Element.GetRawText());
        return JsonNode.DeepEquals(expected, actual) ? null : $"expected {expected!.ToJsonString()}, is {actual.ToJsonString()}";
    }

    private static PolicySet Policies(InputNode? policies) => new(
        Documents(policies?.Find("identity"), PolicyKind.Identity),
        policies?.Find("session") is { } session ? Document(session, PolicyKind.Session) : null,
        [.. policies?.Find("control")?.Items().Select(level => Documents(level, PolicyKind.Control)) ?? []]);

    private static ImmutableArray<PolicyDocument> Documents(InputNode? list, PolicyKind kind) =>
        [.. list?.Items().Select(item => Document(item, kind)) ?? []];

    private static PolicyDocument Document(InputNode node, PolicyKind kind)
    {
        var parsed = PolicyParser.Parse(node.Element.GetRawText(), kind);
        return parsed.Document ?? throw node.Fault($"no {kind} policy: {parsed.Faults[0].Reason} at {parsed.Faults[0].Pointer}");
    }

    private static PolicyCheck Check(InputNode request, string resource, InputNode? policies)
    {
        var kind = resource.StartsWith("acs:ram:", StringComparison.Ordinal) ? PolicyKind.Trust : PolicyKind.Key;
        var own = policies?.Find("resource")?.Find(resource);
        var context = new ConditionContext(
        [
            .. QuestionReader.Context(request.Find("context")).Entries,
            .. QuestionReader.Context(request.Find("resourceContext")?.Find(resource)).Entries,
        ]);
        return new PolicyCheck(request.Required("action").Text(), resource, context, own is null ? null : Document(own, kind));
    }

    private static PolicyPrincipal Principal(InputNode node)
    {
        var (type, members) = node.Required("type").Text() switch
        {
            "user" => (PrincipalType.User, Of("account", "name")),
            "role" => (PrincipalType.Role, Of("account", "name", "session", "serviceLinked")),
            "root" => (PrincipalType.Root, Of("account", "name")),
            "service" => (PrincipalType.Service, Of("name")),
            "federated" => (PrincipalType.Federated, Of("arn")),
            _ => throw node.Required("type").Fault("must be user, role, root, service or federated."),
        };
        node.WithMembers(members);
        return new PolicyPrincipal(
            type,
            node.Find("account")?.Text() ?? "",
            (type == PrincipalType.Federated ? node.Required("arn") : node.Find("name"))?.Text() ?? "",
            GoldenCase.Flag(node.Find("serviceLinked")));

        static string[] Of(params string[] names) => ["type", .. names];
    }

    private static JsonObject Render(Decision decision, AuthorizationRequest request)
    {
        var expect = new JsonObject
        {
            ["decision"] = decision.Verdict.ToString(),
            ["layer"] = decision.Layer.ToString().ToLowerInvariant(),
        };
        foreach (var (name, index) in new[] { ("level", decision.Level), ("policy", decision.Policy), ("statement", decision.Statement) })
        {
            if (index >= 0)
            {
                expect[name] = index;
            }
        }

        if (request.Checks.Length > 1)
        {
            expect["resource"] = request.Checks[decision.Check].Resource;
        }

        return expect;
    }
}
