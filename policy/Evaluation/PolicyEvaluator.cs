using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>Explicit Deny, else Allow, else implicit deny, over the layers in order. Source: ram-policy.md 6.2.</summary>
public static class PolicyEvaluator
{
    /// <summary>
    /// Decides all checks of a call: every one must be allowed, and the worst is reported, among equals the first (R-EVAL-13).
    /// Pure, allocates nothing; the order of policies and statements never changes the verdict.
    /// </summary>
    /// <exception cref="ArgumentException">The call has no checks: nothing was asked, so nothing can be answered.</exception>
    public static Decision Evaluate(PolicySet policies, AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Checks.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A call is decided by its checks, and has at least one.", nameof(request));
        }

        var reported = default(Decision);
        for (var i = 0; i < request.Checks.Length; i++)
        {
            var check = request.Checks[i];
            var decision = Decide(policies, new CheckView(request.Principal, check), check.ResourcePolicy) with { Check = i };
            if (decision.Verdict == Verdict.ExplicitDeny)
            {
                return decision;
            }

            if (i == 0 || (reported.IsAllowed && !decision.IsAllowed))
            {
                reported = decision;
            }
        }

        return reported;
    }

    /// <summary>Why <paramref name="decision"/>, an answer of <see cref="Evaluate"/> to the same question, came out so; made on demand.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The decision names a check that the call does not have.</exception>
    public static Explanation Explain(PolicySet policies, AuthorizationRequest request, Decision decision)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        return ExplainerOf(policies, request, decision.Check).Explain(decision);
    }

    /// <summary>Every statement of every layer against one check of the call, whether it decided or not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The call does not have that check.</exception>
    public static ImmutableArray<StatementExplanation> ExplainAll(PolicySet policies, AuthorizationRequest request, int check)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        return ExplainerOf(policies, request, check).All();
    }

    private static Explainer ExplainerOf(PolicySet policies, AuthorizationRequest request, int check)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(check);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(check, request.Checks.Length);
        return new Explainer(policies, request.Principal, request.Checks[check]);
    }

    private static Decision Decide(PolicySet policies, in CheckView check, PolicyDocument? resourcePolicy)
    {
        if (!check.IsWellFormed || check.Principal.Type == PrincipalType.None)
        {
            return LayerVerdict.Silent.In(PolicyLayer.Identity);
        }

        if (check.Principal.Type == PrincipalType.Root && check.IsOwnResource)
        {
            return new Decision(Verdict.Allow, PolicyLayer.Root, -1, -1, -1, 0);
        }

        if (policies.IsInvalid)
        {
            return LayerVerdict.Silent.In(PolicyLayer.Identity);
        }

        if (IsBoundByControl(check.Principal))
        {
            for (var level = 0; level < policies.ControlIndexes.Length; level++)
            {
                var control = policies.ControlIndexes[level].Judge(check);
                if (!control.IsAllow)
                {
                    return control.In(PolicyLayer.Control, level);
                }
            }
        }

        if (policies.SessionIndex is { } session && session.Judge(check) is { IsAllow: false } narrowed)
        {
            return narrowed.In(PolicyLayer.Session);
        }

        return Combine(check, policies, ResourceLayer.Judge(resourcePolicy, check));
    }

    /// <summary>R-EVAL-6: users and roles, but not service-linked roles.</summary>
    private static bool IsBoundByControl(PolicyPrincipal principal) =>
        principal.Type is PrincipalType.User or PrincipalType.Role && !principal.IsServiceLinked;

    /// <summary>Step 4: identity side and resource side (R-EVAL-9 to -12).</summary>
    private static Decision Combine(in CheckView check, PolicySet policies, LayerVerdict resource)
    {
        // A root here is that of another account, allowed on its own side; services and federated callers have no own side.
        if (check.Principal.Type is not (PrincipalType.User or PrincipalType.Role))
        {
            return resource.In(PolicyLayer.Resource);
        }

        var identity = policies.IdentityIndex.Judge(check);
        if (identity.Verdict == Verdict.ExplicitDeny)
        {
            return identity.In(PolicyLayer.Identity);
        }

        if (resource.Verdict == Verdict.ExplicitDeny)
        {
            return resource.In(PolicyLayer.Resource);
        }

        // R-EVAL-9, -11: both sides must allow, and the first that lacks it is named. R-EVAL-10: the first that allows is enough.
        var needsBoth = !check.IsOwnResource || check.IsAssumeRole;
        var isResourceNamed = identity.IsAllow == needsBoth && resource.IsAllow != needsBoth;
        return isResourceNamed ? resource.In(PolicyLayer.Resource) : identity.In(PolicyLayer.Identity);
    }
}
