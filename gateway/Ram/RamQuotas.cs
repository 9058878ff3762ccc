namespace KmsGateway.Gateway.Ram;

/// <summary>
/// Counts and sizes that RAM enforces, each in the transaction that would go past it. Defaults: ram-sts-api.md "Limits".
/// </summary>
internal sealed record RamQuotas
{
    /// <summary>Users per account.</summary>
    public int Users { get; init; } = 1000;

    /// <summary>Groups per account.</summary>
    public int Groups { get; init; } = 50;

    /// <summary>Roles per account.</summary>
    public int Roles { get; init; } = 1000;

    /// <summary>Custom policies per account.</summary>
    public int CustomPolicies { get; init; } = 1500;

    /// <summary>Access keys per user, inactive ones counted.</summary>
    public int AccessKeysPerUser { get; init; } = 2;

    /// <summary>Groups one user may be in.</summary>
    public int GroupsPerUser { get; init; } = 5;

    /// <summary>System policies attached to one user.</summary>
    public int SystemPoliciesPerUser { get; init; } = 20;

    /// <summary>Custom policies attached to one user.</summary>
    public int CustomPoliciesPerUser { get; init; } = 10;

    /// <summary>System policies attached to one group.</summary>
    public int SystemPoliciesPerGroup { get; init; } = 20;

    /// <summary>Custom policies attached to one group.</summary>
    public int CustomPoliciesPerGroup { get; init; } = 5;

    /// <summary>System policies attached to one role.</summary>
    public int SystemPoliciesPerRole { get; init; } = 20;

    /// <summary>Custom policies attached to one role.</summary>
    public int CustomPoliciesPerRole { get; init; } = 5;

    /// <summary>Versions of one custom policy, the default one counted.</summary>
    public int PolicyVersions { get; init; } = 5;

    /// <summary>Length of a custom policy, in Unicode code points.</summary>
    public int PolicyDocumentCharacters { get; init; } = 6144;

    /// <summary>Length of a trust policy, in Unicode code points. Source: ram-policy.md 1.</summary>
    public int TrustDocumentCharacters { get; init; } = 4096;

    /// <summary>Tags of one policy or role. Unverified: the sources name no number; a refusal of the real service would settle it.</summary>
    public int TagsPerResource { get; init; } = 20;
}
