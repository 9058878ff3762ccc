namespace KmsGateway.Policy.Evaluation;

/// <summary>The three-valued answer. Source: ram-policy.md R-EVAL-2.</summary>
public enum Verdict
{
    /// <summary>Not decided.</summary>
    None = 0,

    /// <summary>A statement allows and none denies.</summary>
    Allow,

    /// <summary>A Deny applies.</summary>
    ExplicitDeny,

    /// <summary>Nothing allows.</summary>
    ImplicitDeny,
}

/// <summary>The kind of policy that decided. Source: ram-policy.md 6.2.</summary>
public enum PolicyLayer
{
    /// <summary>Not decided.</summary>
    None = 0,

    /// <summary>Root of the owning account (R-EVAL-5).</summary>
    Root,

    /// <summary>Control policies (R-EVAL-6).</summary>
    Control,

    /// <summary>Session policy (R-EVAL-7).</summary>
    Session,

    /// <summary>Policies of the user, its groups, or the role.</summary>
    Identity,

    /// <summary>Key policy or trust policy.</summary>
    Resource,
}

/// <summary>
/// A decision as indices into what was evaluated: allocation-free; <c>PolicyEvaluator.Explain</c> tells the story on demand.
/// </summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Layer">The layer that decided, or that lacks the Allow.</param>
/// <param name="Level">Level of a control policy, nearest first; -1 otherwise.</param>
/// <param name="Policy">Index of the policy within its layer; -1 where no statement decided.</param>
/// <param name="Statement">Index of the statement within its policy; -1 where no statement decided.</param>
/// <param name="Check">Index of the check that decided, for calls with several.</param>
public readonly record struct Decision(Verdict Verdict, PolicyLayer Layer, int Level, int Policy, int Statement, int Check)
{
    /// <summary>Whether the call may go on.</summary>
    public bool IsAllowed => Verdict == Verdict.Allow;
}
