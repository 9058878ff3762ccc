using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Simulation;

/// <summary>When the gateway supplies a condition key. Source: ram-policy.md 5.3.</summary>
public enum ConditionKeySupply
{
    /// <summary>Never: a known name without a source here.</summary>
    Never = 0,

    /// <summary>With every call.</summary>
    Always,

    /// <summary>With calls over the public listener.</summary>
    PublicListener,

    /// <summary>With calls over a VPC listener.</summary>
    VpcListener,

    /// <summary>With the checks that carry the tags of a key (R-TAG-2).</summary>
    TaggedChecks,

    /// <summary>With calls of <c>sts</c> and <c>ram</c> that it belongs to.</summary>
    OwnCalls,
}

/// <summary>A condition key that is known.</summary>
/// <param name="Name"><c>acs:SourceIp</c>; where a part is free, <c>kms:tag/&lt;key&gt;</c>.</param>
/// <param name="ValueKind">What its values are.</param>
/// <param name="Supply">When the gateway supplies it.</param>
public sealed record KnownConditionKey(string Name, ConditionValueKind ValueKind, ConditionKeySupply Supply);

/// <summary>The condition keys of ram-policy.md 5.3, in its order.</summary>
public static class ConditionKeyVocabulary
{
    /// <summary>The table.</summary>
    public static ImmutableArray<KnownConditionKey> All { get; } =
    [
        new("acs:CurrentTime", ConditionValueKind.Date, ConditionKeySupply.Always),
        new("acs:SecureTransport", ConditionValueKind.Boolean, ConditionKeySupply.Always),
        new("acs:SourceIp", ConditionValueKind.Address, ConditionKeySupply.PublicListener),
        new("acs:MFAPresent", ConditionValueKind.Boolean, ConditionKeySupply.Always),
        new("acs:PrincipalARN", ConditionValueKind.Text, ConditionKeySupply.Always),
        new("acs:SourceVpc", ConditionValueKind.Text, ConditionKeySupply.VpcListener),
        new("acs:VpcSourceIp", ConditionValueKind.Address, ConditionKeySupply.VpcListener),
        new("kms:tag/<key>", ConditionValueKind.Text, ConditionKeySupply.TaggedChecks),
        new("acs:ResourceTag/<key>", ConditionValueKind.Text, ConditionKeySupply.Never),
        new("acs:RequestTag/<key>", ConditionValueKind.Text, ConditionKeySupply.Never),
        new("acs:PrincipalRDId", ConditionValueKind.Text, ConditionKeySupply.Never),
        new("acs:PrincipalRDPath", ConditionValueKind.Text, ConditionKeySupply.Never),
        new("acs:UserAgent", ConditionValueKind.Text, ConditionKeySupply.Never),
        new("acs:AccessId", ConditionValueKind.Text, ConditionKeySupply.Never),
        new("sts:ExternalId", ConditionValueKind.Text, ConditionKeySupply.OwnCalls),
        new("saml:recipient", ConditionValueKind.Text, ConditionKeySupply.OwnCalls),
        new("ram:ServiceName", ConditionValueKind.Text, ConditionKeySupply.OwnCalls),
    ];
}
