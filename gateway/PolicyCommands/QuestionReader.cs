using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>The parts that question files share: policies, principals, resources, contexts. Source: docs/simulator.md.</summary>
internal sealed class QuestionReader(InputNode file, IPolicyDocuments documents)
{
    private readonly InputNode? policies = file.Find("policies");

    public ImmutableArray<SimulatedPrincipal> Principals() =>
        [.. file.Required("principals").Members().Select(member => Principal(member.Name, member.Value))];

    public ImmutableArray<SimulatedResource> Resources() =>
        [.. file.Required("resources").Members().Select(member => Resource(member.Name, member.Value))];

    public SimulatedPrincipal Principal(string label, InputNode node)
    {
        node.WithMembers("arn", "policies", "sessionPolicy");
        var attached = node.Find("policies")?.Items().Select(item => new NamedPolicy(item.Text(), "", "", Document(item, PolicyKind.Identity))) ?? [];
        var session = node.Find("sessionPolicy") is { } given ? Document(given, PolicyKind.Session) : null;
        return new SimulatedPrincipal(label, ParsePrincipal(node.Required("arn")), [.. attached], session);
    }

    public SimulatedResource Resource(string label, InputNode node)
    {
        node.WithMembers("arn", "tags", "policy");
        var arn = node.Required("arn").Text();
        if (arn != "*" && !(Arn.TryParse(arn, out _) && arn.AsSpan().IndexOfAny('*', '?') < 0))
        {
            throw node.Required("arn").Fault("must be one ARN, or * for calls without a resource; who-can asks about callers, not about patterns.");
        }

        var tags = node.Find("tags")?.Members().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.Text())) ?? [];
        var kind = arn.StartsWith("acs:ram:", StringComparison.Ordinal) ? PolicyKind.Trust : PolicyKind.Key;
        var policy = node.Find("policy") is { } given ? Document(given, kind) : null;
        return new SimulatedResource(label, arn, "arn", [.. tags], policy);
    }

    /// <summary>Condition keys: one value, or a list of them.</summary>
    public static ConditionContext Context(InputNode? node) => node is null
        ? ConditionContext.Empty
        : new ConditionContext(node.Members().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.Texts().ToImmutableArray())));

    /// <summary>A permission without wildcards.</summary>
    public static string Action(InputNode node)
    {
        var text = node.Text();
        var parts = text.Split(':');
        return parts.Length == 2 && parts[0].Length > 0 && parts[1].Length > 0 && text.AsSpan().IndexOfAny('*', '?') < 0
            ? text
            : throw node.Fault("must be one action such as kms:Decrypt.");
    }

    public static Verdict Verdict(InputNode node) => node.Text() switch
    {
        nameof(Policy.Evaluation.Verdict.Allow) => Policy.Evaluation.Verdict.Allow,
        nameof(Policy.Evaluation.Verdict.ExplicitDeny) => Policy.Evaluation.Verdict.ExplicitDeny,
        nameof(Policy.Evaluation.Verdict.ImplicitDeny) => Policy.Evaluation.Verdict.ImplicitDeny,
        _ => throw node.Fault("must be Allow, ExplicitDeny or ImplicitDeny."),
    };

    private static PolicyPrincipal ParsePrincipal(InputNode node)
    {
        if (Arn.TryParse(node.Text(), out var arn) && arn is { Service: "ram", Region: "", Account.Length: > 0 })
        {
            switch (arn.RelativeId.Split('/'))
            {
                case ["root"]:
                    return new PolicyPrincipal(PrincipalType.Root, arn.Account, "");
                case ["user", { Length: > 0 } name]:
                    return new PolicyPrincipal(PrincipalType.User, arn.Account, name);
                case ["role", { Length: > 0 } name]:
                    return new PolicyPrincipal(PrincipalType.Role, arn.Account, name);
            }
        }

        throw node.Fault("must be acs:ram::<account>:root, :user/<name> or :role/<name>.");
    }

    /// <summary>A document written in place, or the name of one under <c>policies</c>.</summary>
    private PolicyDocument Document(InputNode node, PolicyKind kind) => node.Element.ValueKind == JsonValueKind.Object
        ? documents.Read(node, kind)
        : documents.Read(policies?.Find(node.Text()) ?? throw node.Fault("names no policy of the member policies."), kind);
}
