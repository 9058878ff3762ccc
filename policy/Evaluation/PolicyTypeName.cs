namespace KmsGateway.Policy.Evaluation;

/// <summary>What the vendor calls the kind of policy that decided. Source: ram-policy.md 10.</summary>
public static class PolicyTypeName
{
    /// <summary>Policies of users, groups and roles; also said where nothing of the cause may be told.</summary>
    public const string Identity = "AccountLevelIdentityBasedPolicy";

    /// <summary>The name for a layer; a trust policy is told from a key policy by the check.</summary>
    public static string Of(PolicyLayer layer, PolicyCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return layer switch
        {
            PolicyLayer.Control => "ControlPolicy",
            PolicyLayer.Session => "SessionPolicy",
            PolicyLayer.Resource when check.Action.StartsWith("sts:", StringComparison.OrdinalIgnoreCase) => "AssumeRolePolicy",
            PolicyLayer.Resource => "ResourceBasedPolicy",
            _ => Identity,
        };
    }
}
