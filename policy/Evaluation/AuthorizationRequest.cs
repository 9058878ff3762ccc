using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>What kind of caller asks.</summary>
public enum PrincipalType
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The account itself.</summary>
    Root,

    /// <summary>A RAM user.</summary>
    User,

    /// <summary>A session of a RAM role.</summary>
    Role,

    /// <summary>A cloud product, named by its host name (<c>ecs.aliyuncs.com</c>).</summary>
    Service,

    /// <summary>A federated identity, named by its provider's ARN.</summary>
    Federated,
}

/// <summary>Who asks. Source: ram-policy.md 4.4.</summary>
/// <param name="Type">Kind of caller.</param>
/// <param name="Account">Account id of the caller; empty for services and federated identities.</param>
/// <param name="Name">User or role name, product host name, or provider ARN; empty for root.</param>
/// <param name="IsServiceLinked">A service-linked role: control policies do not bind it (R-EVAL-6).</param>
public sealed record PolicyPrincipal(PrincipalType Type, string Account, string Name, bool IsServiceLinked = false);

/// <summary>One (action, resource, circumstances) question.</summary>
/// <param name="Action"><c>kms:Encrypt</c>.</param>
/// <param name="Resource">ARN, or <c>*</c> for calls without a resource.</param>
/// <param name="Context">Condition keys of this check; a key that is not there is missing.</param>
/// <param name="ResourcePolicy">Key policy or trust policy of the resource, if it has one.</param>
/// <exception cref="ArgumentException"><see cref="ResourcePolicy"/> is neither a key policy nor a trust policy.</exception>
public sealed record PolicyCheck(string Action, string Resource, ConditionContext Context, PolicyDocument? ResourcePolicy = null)
{
    /// <summary>Key policy or trust policy of the resource; null when it has none.</summary>
    public PolicyDocument? ResourcePolicy { get; init; } =
        ResourcePolicy?.Kind is null or PolicyKind.Key or PolicyKind.Trust
            ? ResourcePolicy
            : throw new ArgumentException("A resource has a key policy or a trust policy.", nameof(ResourcePolicy));
}

/// <summary>A call: one caller, one or more checks, all of which must be allowed (R-EVAL-13).</summary>
/// <param name="Principal">Who asks.</param>
/// <param name="Checks">In the order of ram-policy.md section 8.</param>
public sealed record AuthorizationRequest(PolicyPrincipal Principal, ImmutableArray<PolicyCheck> Checks);
