namespace KmsGateway.Gateway.Authentication;

/// <summary>What kind of identity an access key belongs to.</summary>
internal enum PrincipalKind
{
    None = 0,
    Root,
    User,
    RoleSession,
}

/// <summary>The identity behind an access key, as <c>ram.db</c> knows it.</summary>
/// <param name="Kind">Root, user or role session.</param>
/// <param name="AccountId">16 digits.</param>
/// <param name="Id">Account id, user id or role id.</param>
/// <param name="Name"><c>root</c>, user name or role name.</param>
/// <param name="SessionName">Session name of a role session.</param>
internal sealed record Identity(PrincipalKind Kind, string AccountId, string Id, string Name, string? SessionName = null)
{
    /// <summary>The ARN that policies see; a session goes by its role (decisions.md D9).</summary>
    public string Arn => Kind switch
    {
        PrincipalKind.Root => $"acs:ram::{AccountId}:root",
        PrincipalKind.User => $"acs:ram::{AccountId}:user/{Name}",
        PrincipalKind.RoleSession => $"acs:ram::{AccountId}:role/{Name}",
        _ => throw new InvalidOperationException("an identity has a kind"),
    };
}
