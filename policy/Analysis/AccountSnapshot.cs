using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>A policy of an account, with the versions that it has.</summary>
/// <param name="Name">1-128 letters, digits and <c>-</c>; a system policy shares its name with no other.</param>
/// <param name="DefaultVersion">The version that is evaluated.</param>
/// <param name="Versions">Version id and document, parsed as an identity policy; the default among them.</param>
/// <param name="IsSystem">Fixed by the service: it cannot be changed.</param>
public sealed record AccountPolicy(string Name, string DefaultVersion, ImmutableArray<KeyValuePair<string, PolicyDocument>> Versions, bool IsSystem = false)
{
    /// <summary>The document that is evaluated.</summary>
    /// <exception cref="InvalidOperationException">There is no such version.</exception>
    public PolicyDocument Document => Versions.First(version => string.Equals(version.Key, DefaultVersion, StringComparison.Ordinal)).Value;
}

/// <summary>A RAM user.</summary>
/// <param name="Name">User name.</param>
/// <param name="Policies">Names of the policies attached to it.</param>
/// <param name="Groups">Names of its groups.</param>
public sealed record AccountUser(string Name, ImmutableArray<string> Policies, ImmutableArray<string> Groups);

/// <summary>A RAM group.</summary>
/// <param name="Name">Group name.</param>
/// <param name="Policies">Names of the policies attached to it.</param>
public sealed record AccountGroup(string Name, ImmutableArray<string> Policies);

/// <summary>A RAM role.</summary>
/// <param name="Name">Role name.</param>
/// <param name="Policies">Names of the policies attached to it.</param>
/// <param name="Trust">Its trust policy.</param>
/// <param name="IsServiceLinked">Control policies do not bind it.</param>
public sealed record AccountRole(string Name, ImmutableArray<string> Policies, PolicyDocument Trust, bool IsServiceLinked = false);

/// <summary>A key of the account.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Policy">Its key policy, if it has one.</param>
public sealed record AccountKey(string Arn, ImmutableArray<KeyValuePair<string, string>> Tags, PolicyDocument? Policy);

/// <summary>An alias of the account.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="KeyArn">The key that it leads to.</param>
public sealed record AccountAlias(string Arn, string KeyArn);

/// <summary>Everything of one account that decides who can do what. A name that is nowhere defined counts as nothing.</summary>
/// <param name="Account">Account id, digits.</param>
/// <param name="Users">Users.</param>
/// <param name="Groups">Groups.</param>
/// <param name="Roles">Roles.</param>
/// <param name="Policies">Policies, the system policies that may be attached among them.</param>
/// <param name="Keys">Keys.</param>
/// <param name="Aliases">Aliases.</param>
public sealed record AccountSnapshot(
    string Account,
    ImmutableArray<AccountUser> Users,
    ImmutableArray<AccountGroup> Groups,
    ImmutableArray<AccountRole> Roles,
    ImmutableArray<AccountPolicy> Policies,
    ImmutableArray<AccountKey> Keys,
    ImmutableArray<AccountAlias> Aliases)
{
    /// <summary>Control policies, one list per level, nearest to the account first.</summary>
    public ImmutableArray<ImmutableArray<PolicyDocument>> Control { get; init; } = [];

    internal IEnumerable<AccountIdentity> Identities =>
        Users.Select(user => new AccountIdentity(PrincipalType.User, user.Name)).Concat(Roles.Select(role => new AccountIdentity(PrincipalType.Role, role.Name)));

    internal AccountPolicy? PolicyOf(string name) => Policies.FirstOrDefault(policy => string.Equals(policy.Name, name, StringComparison.Ordinal));

    /// <summary>The policies of an identity with where each is attached: its own, then those of its groups (R-EVAL-4).</summary>
    internal IEnumerable<(AccountPolicy Policy, string AttachedTo)> PoliciesOf(AccountIdentity identity)
    {
        var user = Users.FirstOrDefault(one => identity == new AccountIdentity(PrincipalType.User, one.Name));
        var role = Roles.FirstOrDefault(one => identity == new AccountIdentity(PrincipalType.Role, one.Name));
        var own = (user?.Policies ?? role?.Policies ?? []).Select(name => (name, identity.Text));
        var groups = Groups.Where(group => user?.Groups.Contains(group.Name) == true).SelectMany(group => group.Policies.Select(name => (name, $"group/{group.Name}")));
        return own.Concat(groups).Select(one => (Policy: PolicyOf(one.name), one.Item2)).Where(one => one.Policy is not null).Select(one => (one.Policy!, one.Item2));
    }

    internal PolicySubject SubjectOf(AccountIdentity identity)
    {
        var isServiceLinked = Roles.Any(role => role.IsServiceLinked && identity == new AccountIdentity(PrincipalType.Role, role.Name));
        var keys = Keys.Where(key => key.Policy is not null).Select(key => new ResourcePolicy(key.Arn, key.Policy!));
        var roles = Roles.Select(role => new ResourcePolicy(Arn($"role/{role.Name}"), role.Trust));
        return new PolicySubject(
            new PolicyPrincipal(identity.Type, Account, identity.Name, isServiceLinked),
            new PolicySet([.. PoliciesOf(identity).Select(one => one.Policy.Document)], control: Control),
            [.. keys, .. roles]);
    }

    /// <summary>As the gateway names RAM resources: without a region.</summary>
    internal string Arn(string relativeId, bool isSystem = false) => $"acs:ram::{(isSystem ? "system" : Account)}:{relativeId}";
}

/// <summary>A user or a role.</summary>
internal sealed record AccountIdentity(PrincipalType Type, string Name)
{
    /// <summary><c>user/alice</c>, <c>role/ops</c>.</summary>
    internal string Text => Type == PrincipalType.User ? $"user/{Name}" : $"role/{Name}";
}
