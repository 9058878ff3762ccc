using System.Collections.Immutable;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Simulator;

/// <summary>A document in place of the one of an attached policy.</summary>
/// <param name="Place">Where it stands in the request.</param>
/// <param name="Policy">Name of the policy.</param>
/// <param name="Document">What it is supposed to say.</param>
internal sealed record Replacement(InputNode Place, string Policy, PolicyDocument Document);

/// <summary>What is supposed of a principal: policies on top, replaced ones, a session policy. Source: simulator.md 3.</summary>
/// <param name="Added">On top of what is attached.</param>
/// <param name="Replaced">In place of what is attached.</param>
/// <param name="Session">Session policy; null to keep the one there is.</param>
internal sealed record PrincipalDrafts(ImmutableArray<NamedPolicy> Added, ImmutableArray<Replacement> Replaced, PolicyDocument? Session)
{
    private const string Draft = "draft";
    private const string CustomLabel = "policies of the request";

    public bool IsEmpty => Added.IsEmpty && Replaced.IsEmpty && Session is null;

    public static PrincipalDrafts Read(InputNode body, GivenDocuments documents, PrincipalName? principal)
    {
        var drafts = new PrincipalDrafts(
            [.. body.Find("policies")?.Items().Select((item, index) => Policy(item, index, documents)) ?? []],
            [.. body.Find("replace")?.Items().Select(item => Replace(item, documents)) ?? []],
            body.Find("sessionPolicy") is { } session ? documents.Read(session, PolicyKind.Session) : null);
        if (principal is null && (drafts.Added.IsEmpty || !drafts.Replaced.IsEmpty))
        {
            throw drafts.Replaced.IsEmpty
                ? body.Fault("needs principal, or policies to judge by themselves.")
                : body.Find("replace")!.Fault("needs a principal whose policies are replaced.");
        }

        return drafts.Session is not null && principal is { Kind: not PrincipalKind.RoleSession }
            ? throw body.Find("sessionPolicy")!.Fault("belongs to a session of a role.")
            : drafts;
    }

    /// <summary>The principal as it would be.</summary>
    public SimulatedPrincipal Apply(SimulatedPrincipal principal)
    {
        if (IsEmpty || principal.Compiled.IsInvalid)
        {
            // Why: a stored policy that cannot be read denies everything, whatever is put beside it.
            return principal;
        }

        foreach (var replacement in Replaced)
        {
            if (principal.Policies.All(policy => policy.Name != replacement.Policy))
            {
                throw replacement.Place.Fault("names no policy that is attached to the principal.");
            }
        }

        ImmutableArray<NamedPolicy> policies = [.. principal.Policies.Select(Replace), .. Added];
        var compiled = new PolicySet([.. policies.Select(policy => policy.Document)], Session ?? principal.Compiled.Session, principal.Compiled.Control);
        return new SimulatedPrincipal(principal.Label, principal.Principal, policies, compiled);
    }

    /// <summary>
    /// The policies by themselves. Why a user without a name: it belongs to the account, and no key policy can name it.
    /// </summary>
    public SimulatedPrincipal Alone(string account) =>
        new(CustomLabel, new PolicyPrincipal(PrincipalType.User, account, string.Empty), Added, Session);

    private NamedPolicy Replace(NamedPolicy policy) => Replaced.FirstOrDefault(replacement => replacement.Policy == policy.Name) is { } replacement
        ? policy with { Version = Draft, Document = replacement.Document }
        : policy;

    private static NamedPolicy Policy(InputNode item, int index, GivenDocuments documents)
    {
        item.WithMembers("name", "document");
        var name = item.Find("name")?.Text() ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"policies/{index}");
        return new NamedPolicy(name, "", "", documents.Read(item.Required("document"), PolicyKind.Identity));
    }

    private static Replacement Replace(InputNode item, GivenDocuments documents)
    {
        item.WithMembers("policy", "document");
        return new Replacement(item.Required("policy"), item.Required("policy").Text(), documents.Read(item.Required("document"), PolicyKind.Identity));
    }
}
