using System.Collections.Immutable;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Seed.Reading;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Seed;

/// <summary>An account of a seed as analyses take it. Key policies are not in a seed; every system policy can be attached.</summary>
internal static class SeedSnapshot
{
    public static AccountSnapshot Of(SeedAccount account, string region)
    {
        ImmutableArray<AccountPolicy> policies =
        [
            .. account.Policies.Select(policy => Policy(policy.Name, "v1", Parse(policy.Document, PolicyKind.Identity), isSystem: false)),
            .. SystemPolicies.All.Select(policy => Policy(policy.Name, policy.Version, policy.Document, isSystem: true)),
        ];
        var keys = account.Keys.Select(key => (Key: key, Arn: $"acs:kms:{region}:{account.Id}:key/{SeedIds.Key(account.Id, region, key.Name)}")).ToArray();
        return new AccountSnapshot(
            account.Id,
            [.. Identities(account, IdentityKind.User).Select(user => new AccountUser(user.Name, PoliciesOf(user), [.. (user.Groups ?? []).Select(group => group.Name)]))],
            [.. Identities(account, IdentityKind.Group).Select(group => new AccountGroup(group.Name, PoliciesOf(group)))],
            [.. Identities(account, IdentityKind.Role).Select(role => new AccountRole(role.Name, PoliciesOf(role), Parse(role.Attributes["AssumeRolePolicyDocument"], PolicyKind.Trust)))],
            policies,
            [.. keys.Select(each => new AccountKey(each.Arn, [.. each.Key.Tags], null))],
            [.. keys.SelectMany(each => each.Key.Aliases.Select(alias => new AccountAlias($"acs:kms:{region}:{account.Id}:{alias.Name}", each.Arn)))]);
    }

    private static IEnumerable<SeedIdentity> Identities(SeedAccount account, string kind) => account.Identities.Where(identity => identity.Kind == kind);

    private static ImmutableArray<string> PoliciesOf(SeedIdentity identity) => [.. (identity.Policies ?? []).Select(policy => policy.PolicyName)];

    private static AccountPolicy Policy(string name, string version, PolicyDocument document, bool isSystem) =>
        new(name, version, [KeyValuePair.Create(version, document)], isSystem);

    private static PolicyDocument Parse(string text, PolicyKind kind) =>
        PolicyParser.Parse(text, kind).Document ?? throw new InvalidOperationException("a seed is read with the same parser");
}
