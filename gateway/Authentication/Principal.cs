using KmsGateway.Gateway.Sts;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Authentication;

/// <summary>What kind of identity an access key belongs to.</summary>
internal enum PrincipalKind
{
    None = 0,
    Root,
    User,
    RoleSession,

    /// <summary>Vouched for by an identity provider, whose ARN is its name; its id is the token's subject.</summary>
    Federated,
}

/// <summary>The identity behind an access key, as <c>ram.db</c> knows it.</summary>
/// <param name="Kind">Root, user or role session.</param>
/// <param name="AccountId">16 digits.</param>
/// <param name="Id">Account id, user id or role id.</param>
/// <param name="Name"><c>root</c>, user name or role name.</param>
/// <param name="SessionName">Session name of a role session.</param>
internal sealed record Identity(PrincipalKind Kind, string AccountId, string Id, string Name, string? SessionName = null)
{
    /// <summary>How a role session was reached and what narrows it; null for roots and users.</summary>
    public SessionScope? Session { get; init; }

    /// <summary>The ARN that policies see; a session goes by its role (decisions.md D9).</summary>
    public string Arn => Kind switch
    {
        PrincipalKind.Root => $"acs:ram::{AccountId}:root",
        PrincipalKind.User => $"acs:ram::{AccountId}:user/{Name}",
        PrincipalKind.RoleSession => $"acs:ram::{AccountId}:role/{Name}",
        PrincipalKind.Federated => Name,
        _ => throw new InvalidOperationException("an identity has a kind"),
    };
}

/// <summary>
/// Who asks, proven. Its constructor is private and its only caller is the nested <see cref="SignatureVerifier"/>: code that
/// holds a principal holds the outcome of a verification (threats.md row 1).
/// </summary>
internal sealed partial class Principal
{
    private Principal(Identity identity, string accessKeyId, bool isMfaPresent, string authStyle)
    {
        Identity = identity;
        AccessKeyId = accessKeyId;
        IsMfaPresent = isMfaPresent;
        AuthStyle = authStyle;
    }

    /// <summary>Whose access key signed.</summary>
    public Identity Identity { get; }

    /// <summary>The access key that signed.</summary>
    public string AccessKeyId { get; }

    /// <summary>What <c>acs:MFAPresent</c> says.</summary>
    public bool IsMfaPresent { get; }

    /// <summary><c>rpc-1.0</c> or <c>acs3</c>, as the trail writes it.</summary>
    public string AuthStyle { get; }

    /// <summary>The caller as policies see it.</summary>
    public PolicyPrincipal ToPolicyPrincipal() => Identity.Kind switch
    {
        PrincipalKind.Root => new PolicyPrincipal(PrincipalType.Root, Identity.AccountId, string.Empty),
        PrincipalKind.User => new PolicyPrincipal(PrincipalType.User, Identity.AccountId, Identity.Name),
        PrincipalKind.RoleSession => new PolicyPrincipal(PrincipalType.Role, Identity.AccountId, Identity.Name),
        _ => throw new InvalidOperationException("an identity has a kind"),
    };
}
