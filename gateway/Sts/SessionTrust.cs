using System.Collections.Immutable;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Sts.Oidc;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Sts;

/// <summary>What became of a session that has not expired.</summary>
internal enum SessionState
{
    None = 0,

    /// <summary>Good.</summary>
    Alive,

    /// <summary>Its account is disabled.</summary>
    Inactive,

    /// <summary>A role it was reached through is gone, was revoked, or no longer trusts who assumed it.</summary>
    Over,
}

/// <summary>
/// Whether a session is still wanted, asked on every request: each role it was reached through must exist, not have been
/// revoked since, and its trust policy of now must admit the call that assumed it then, by somebody who is still there.
/// </summary>
internal sealed class SessionTrust(Standings standings, OidcProviders providers)
{
    /// <summary>Stands for the caller's own side, which was asked when the role was assumed.</summary>
    private static readonly PolicySet OwnSide = new(
        [PolicyParser.Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}""", PolicyKind.Identity).Document!]);

    /// <summary>The state of a session with these links.</summary>
    public SessionState StateOf(ImmutableArray<SessionLink> links)
    {
        if (standings.Role(links[0].AccountId, links[0].RoleId) is { IsAccountActive: false })
        {
            return SessionState.Inactive;
        }

        foreach (var link in links)
        {
            if (!Holds(link))
            {
                return SessionState.Over;
            }
        }

        return SessionState.Alive;
    }

    /// <summary>Whether a role's trust policy of now admits this caller in these circumstances.</summary>
    public static bool Admits(RoleTerms terms, string roleArn, PolicyPrincipal caller, ConditionContext context) =>
        terms.Trust is { } trust
        && PolicyEvaluator.Evaluate(OwnSide, new AuthorizationRequest(caller, [new PolicyCheck(StsApi.AssumeRole, roleArn, context, trust)])).IsAllowed;

    private bool Holds(SessionLink link) =>
        standings.Role(link.AccountId, link.RoleId) is { Role: { } terms, IsAccountActive: true } role
        && link.IssuedAt >= terms.RevokeBefore
        && CallerOf(link) is { } caller
        && Admits(terms, RamApi.RoleArn(role.AccountId, role.Name), caller, ContextOf(link, caller));

    /// <summary>Who assumed the role, under today's name; null when there is nobody of that id who was there then, or no such provider, any more.</summary>
    private PolicyPrincipal? CallerOf(SessionLink link)
    {
        var caller = link.Caller;
        return caller.Type switch
        {
            PrincipalType.Federated => providers.IsActive(caller.Name) ? caller.ToPolicyPrincipal() : null,
            PrincipalType.User => Named(standings.User(caller.AccountId, caller.Id)),
            PrincipalType.Role => Named(standings.Role(caller.AccountId, caller.Id)),
            _ => null,
        };

        PolicyPrincipal? Named(Standing? standing) =>
            standing is { IsAccountActive: true } && link.IssuedAt >= standing.CreatedAt ? caller.ToPolicyPrincipal() with { Name = standing.Name } : null;
    }

    private static ConditionContext ContextOf(SessionLink link, PolicyPrincipal caller)
    {
        var entries = link.Circumstances.Select(entry => KeyValuePair.Create(entry.Key, ImmutableArray.Create(entry.Value)));
        return new ConditionContext(caller.Type == PrincipalType.Federated
            ? entries
            : entries.Append(KeyValuePair.Create("acs:PrincipalARN", ImmutableArray.Create(ArnOf(caller)))));
    }

    private static string ArnOf(PolicyPrincipal caller) =>
        caller.Type == PrincipalType.User ? $"acs:ram::{caller.Account}:user/{caller.Name}" : RamApi.RoleArn(caller.Account, caller.Name);
}
