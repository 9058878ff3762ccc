using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Sts;

/// <summary>Who opened a session.</summary>
/// <param name="Type">User, role session, or federated identity; roots may not assume roles.</param>
/// <param name="AccountId">Account of a user or role; empty for a federated identity.</param>
/// <param name="Id">User or role id; 0 for a federated identity.</param>
/// <param name="Name">User or role name, or the provider's ARN.</param>
internal sealed record SessionCaller(PrincipalType Type, string AccountId, long Id, string Name)
{
    /// <summary>The caller as trust policies see it.</summary>
    public PolicyPrincipal ToPolicyPrincipal() => new(Type, AccountId, Name);
}

/// <summary>
/// One assumed role with all that its trust policy was asked: enough to ask the policy of today the same question. A session
/// that was opened by a session holds the links of that one too, so that it falls with any of them.
/// </summary>
/// <param name="RoleId">The role; one of the same name that is made later is another.</param>
/// <param name="AccountId">Its account.</param>
/// <param name="RoleName">Its name.</param>
/// <param name="IssuedAt">To the millisecond; what a revocation of the role is compared with.</param>
/// <param name="Caller">Who assumed it.</param>
/// <param name="Circumstances">Condition keys of that call, each with one value.</param>
internal sealed record SessionLink(
    long RoleId,
    string AccountId,
    string RoleName,
    DateTimeOffset IssuedAt,
    SessionCaller Caller,
    ImmutableArray<KeyValuePair<string, string>> Circumstances)
{
    /// <summary>Derived again from the caller whenever the trust policy is asked.</summary>
    private const string PrincipalArn = "acs:PrincipalARN";

    /// <summary>What of a call's condition keys a link keeps.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> CircumstancesOf(ConditionContext context) =>
    [
        .. context.Entries.Where(entry => entry.Key != PrincipalArn).Select(entry => KeyValuePair.Create(entry.Key, entry.Value[0])),
    ];
}
