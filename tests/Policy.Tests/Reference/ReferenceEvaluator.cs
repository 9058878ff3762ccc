using System.Text.Json;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>
/// ram-policy.md section 6, sentence by sentence: slow and obvious. It shares nothing with the product, not even the reading of
/// documents, and was written before the two were compared. <paramref name="fault"/> makes it misread one rule.
/// </summary>
internal sealed class ReferenceEvaluator(SeededFault fault = SeededFault.None)
{
    private readonly ReferenceStatements statements = new(fault);

    /// <summary>R-EVAL-13: ExplicitDeny if any resource has it, else ImplicitDeny if any has it, else Allow; then the first.</summary>
    internal ReferenceDecision Decide(GeneratedCase call)
    {
        var answers = call.Checks.Select((check, index) => Decide(call.Policies, call.Principal, check) with { Check = index }).ToList();
        // R-KMS-9: a call without checks needs a signature only
        if (answers.Count == 0)
        {
            return new ReferenceDecision("Allow", "None", -1, -1, -1, -1);
        }

        if (fault == SeededFault.LastCheckDecides)
        {
            return answers[^1];
        }

        if (fault == SeededFault.FirstCheckDecides)
        {
            return answers[0];
        }

        return answers.Find(answer => answer.Verdict == "ExplicitDeny")
            ?? answers.Find(answer => answer.Verdict == "ImplicitDeny")
            ?? answers[0];
    }

    private ReferenceDecision Decide(GeneratedPolicies policies, GeneratedPrincipal principal, GeneratedCheck check)
    {
        // "owner = account field of the resource (for resource *: the account of the caller)"; ram-sts-api.json: what stands in the
        // account "system" (system policies) is every caller's own
        var owner = check.Resource == "*" ? principal.Account : check.Resource.Split(':')[3];
        owner = owner == "system" && !Is(SeededFault.ServiceOwnedIsForeign) ? principal.Account : owner;
        var isOwn = owner == principal.Account;

        // R-EVAL-5
        if (principal.Type == "Root" && (isOwn || Is(SeededFault.RootOwnsEverything)) && !Is(SeededFault.RootNeedsAllow))
        {
            return new ReferenceDecision("Allow", "Root", -1, -1, -1, 0);
        }

        // R-EVAL-6: users and roles, not service-linked roles; every level must give Allow, the first that does not decides.
        var isBound = principal.Type is "User" or "Role" && (!principal.IsServiceLinked || Is(SeededFault.ControlBindsServiceLinkedRoles));
        var levels = Is(SeededFault.ControlLevelsBeyondTheFirstIgnored) ? Math.Min(1, policies.Control.Count) : policies.Control.Count;
        for (var level = 0; isBound && level < levels; level++)
        {
            var control = Layer(policies.Control[level], principal, check, null);
            if (control.Verdict != "Allow")
            {
                return control with { Layer = "Control", Level = level };
            }
        }

        // R-EVAL-7: "if the caller is a role session with one"
        if (principal.Type == "Role" && policies.Session is not null && !Is(SeededFault.SessionPolicyIgnored))
        {
            var session = Layer([policies.Session], principal, check, null);
            if (session.Verdict != "Allow" || Is(SeededFault.SessionPolicyGrants))
            {
                return session with { Layer = "Session" };
            }
        }

        var a = Layer(policies.Identity, principal, check, null) with { Layer = "Identity" };
        var b = check.ResourcePolicy is null ? Silent : Layer([check.ResourcePolicy], principal, check, owner);
        return Combine(principal, check, isOwn, a, b with { Layer = "Resource" });
    }

    private ReferenceDecision Combine(GeneratedPrincipal principal, GeneratedCheck check, bool isOwn, ReferenceDecision a, ReferenceDecision b)
    {
        // R-EVAL-12: callers without identity policies. R-EVAL-9: the root of another account counts as allowed on its own side.
        if (principal.Type is "Service" or "Federated" or "Root")
        {
            return b;
        }

        // "A or B is ExplicitDeny"; R-EVAL-10: if both deny, the identity side is reported
        if (a.Verdict == "ExplicitDeny")
        {
            return a;
        }

        if (b.Verdict == "ExplicitDeny" && !Is(SeededFault.ResourceDenyIgnored))
        {
            return b;
        }

        // R-EVAL-9, R-EVAL-11
        var isForeign = !isOwn && !Is(SeededFault.EitherSideIsEnoughAcrossAccounts);
        var isAssumeRole = check.Action.Equals("sts:AssumeRole", StringComparison.OrdinalIgnoreCase)
            && check.Resource.Split(':', 5) is ["acs", "ram", _, _, var name]
            && name.StartsWith("role/", StringComparison.Ordinal)
            && !Is(SeededFault.TrustPolicyIsEnoughForUsers);
        if (isForeign || isAssumeRole || Is(SeededFault.BothSidesNeededInOwnAccount))
        {
            return a.Verdict == "Allow" && b.Verdict == "Allow" ? a : a.Verdict == "Allow" ? Silent with { Layer = "Resource" } : Silent with { Layer = "Identity" };
        }

        // R-EVAL-10: if both allow, the identity side is reported
        return a.Verdict == "Allow" ? a : b.Verdict == "Allow" ? b : Silent with { Layer = "Identity" };
    }

    /// <summary>R-EVAL-2, R-EVAL-3: all policies of a layer together; the first applicable statement of the deciding effect.</summary>
    private ReferenceDecision Layer(IReadOnlyList<string> policies, GeneratedPrincipal principal, GeneratedCheck check, string? keyOwner)
    {
        ReferenceDecision? allow = null;
        ReferenceDecision? deny = null;
        for (var policy = 0; policy < policies.Count; policy++)
        {
            using var document = JsonDocument.Parse(policies[policy]);
            var index = -1;
            foreach (var statement in document.RootElement.GetProperty("Statement").EnumerateArray())
            {
                index++;
                var isDeny = statement.GetProperty("Effect").GetString() == "Deny";
                if (!statements.Applies(statement, principal, check) || (!isDeny && keyOwner is not null && !statements.Grants(statement, principal, check, keyOwner)))
                {
                    continue;
                }

                if (isDeny)
                {
                    deny = Keep(deny, new ReferenceDecision("ExplicitDeny", "", -1, policy, index, 0));
                }
                else
                {
                    allow = Keep(allow, new ReferenceDecision("Allow", "", -1, policy, index, 0));
                }
            }
        }

        return Is(SeededFault.AllowBeatsDeny) ? allow ?? deny ?? Silent : deny ?? allow ?? Silent;
    }

    private ReferenceDecision Keep(ReferenceDecision? first, ReferenceDecision next) =>
        Is(SeededFault.LaterStatementReported) ? next : first ?? next;

    private static ReferenceDecision Silent => new("ImplicitDeny", "", -1, -1, -1, 0);

    private bool Is(SeededFault misreading) => fault == misreading;
}
