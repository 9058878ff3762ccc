using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Seed.Reading;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Seed;

/// <summary>
/// Memberships, attachments and access keys. What is there and not in a list of the file is kept and told, or, when pruning,
/// taken away; where the file has no such list, nothing is said.
/// </summary>
internal sealed class GrantSeedPlan(RamStore store, SeedCalls calls)
{
    public IEnumerable<SeedChange> Plan(RamReader reader, SeedAccount account, bool isPruning) =>
        account.Identities.SelectMany(identity =>
        {
            var existing = IdentityTable.FindByName(reader, account.Id, identity.Kind, identity.Name);
            return PlanGroups(reader, account, identity, existing, isPruning)
                .Concat(PlanPolicies(reader, account, identity, existing, isPruning))
                .Concat(identity.AccessKeys.SelectMany(key => PlanAccessKey(reader, account.Id, identity, existing, key)));
        });

    private IEnumerable<SeedChange> PlanGroups(RamReader reader, SeedAccount account, SeedIdentity user, IdentityRecord? existing, bool isPruning)
    {
        if (user.Groups is not { } wanted)
        {
            yield break;
        }

        var joined = existing is null ? [] : MembershipTable.GroupsOf(reader, existing.Id).Select(group => group.Name).ToArray();
        foreach (var group in wanted.Where(group => !joined.Contains(group.Name, StringComparer.Ordinal)))
        {
            if (!account.Identities.Any(identity => identity.Kind == IdentityKind.Group && identity.Name == group.Name)
                && IdentityTable.FindByName(reader, account.Id, IdentityKind.Group, group.Name) is null)
            {
                throw group.Place.Fault("there is no group of that name, in the file or in the account.");
            }

            yield return SeedChange.Add(group.Place, $"membership {account.Id}/{user.Name} in {group.Name}", Membership(group.Place, account.Id, "AddUserToGroup", user.Name, group.Name));
        }

        foreach (var extra in joined.Where(name => wanted.All(group => group.Name != name)))
        {
            yield return Extra(user.Place, $"membership {account.Id}/{user.Name} in {extra}", isPruning, Membership(user.Place, account.Id, "RemoveUserFromGroup", user.Name, extra));
        }
    }

    private IEnumerable<SeedChange> PlanPolicies(RamReader reader, SeedAccount account, SeedIdentity holder, IdentityRecord? existing, bool isPruning)
    {
        if (holder.Policies is not { } wanted)
        {
            yield break;
        }

        var held = existing is null
            ? []
            : AttachmentTable.ListOf(reader, existing.Id).Select(one => SeedReference.OfPolicy(one.Name ?? one.SystemPolicy!, one.SystemPolicy is not null)).ToArray();
        foreach (var policy in wanted.Where(policy => !held.Contains(policy.Name, StringComparer.Ordinal)))
        {
            Require(reader, account, policy);
            yield return SeedChange.Add(policy.Place, What(account.Id, holder, policy.Name), Attachment(account.Id, "Attach", holder, policy));
        }

        foreach (var extra in held.Where(name => wanted.All(policy => policy.Name != name)))
        {
            yield return Extra(holder.Place, What(account.Id, holder, extra), isPruning, Attachment(account.Id, "Detach", holder, new SeedReference(holder.Place, extra)));
        }
    }

    /// <summary>
    /// Why a key is made only with its user, and never made Active again: one that is gone or Inactive was revoked, and a start must
    /// not bring it back.
    /// </summary>
    private IEnumerable<SeedChange> PlanAccessKey(RamReader reader, string account, SeedIdentity user, IdentityRecord? existing, SeedAccessKey key)
    {
        var what = $"access key {account}/{user.Name} {key.Id}";
        var stored = AccessKeyTable.Find(reader, key.Id);
        if (stored is not null && (stored.AccountId != account || stored.OwnerKind != IdentityKind.User || stored.OwnerName != user.Name))
        {
            throw key.Place.Fault("the id belongs to another user or account.");
        }

        if (stored is null)
        {
            return existing is null
                ? [SeedChange.Add(key.Place, what, CreateKey(account, user, key)), .. PlanStatus(account, user, key, what)]
                : [SeedChange.Keep(key.Place, $"{what}: not there although its user is, not made again")];
        }

        var hasSecret = AccountSeedPlan.HasSecret(store, stored, key);
        if (stored.IsActive == 0)
        {
            return key.IsActive || !hasSecret ? [SeedChange.Keep(key.Place, $"{what}: is Inactive, kept")] : [];
        }

        return hasSecret ? PlanStatus(account, user, key, what) :
        [
            SeedChange.Change(key.Place, $"{what}: secret", calls.Ram(key.Place, account, "DeleteAccessKey", Key(user, key))),
            SeedChange.Add(key.Place, what, CreateKey(account, user, key)),
            .. PlanStatus(account, user, key, what),
        ];
    }

    /// <summary>A key that is Active, or just made and so Active, and is not to be.</summary>
    private IEnumerable<SeedChange> PlanStatus(string account, SeedIdentity user, SeedAccessKey key, string what)
    {
        if (!key.IsActive)
        {
            var status = AccessKeyStatus.Text(false);
            var parameters = Key(user, key);
            parameters["Status"] = status;
            yield return SeedChange.Change(key.Place, $"{what}: {status}", calls.Ram(key.Place, account, "UpdateAccessKey", parameters));
        }
    }

    private Func<CancellationToken, Task> CreateKey(string account, SeedIdentity user, SeedAccessKey key) => calls.Ram(
        key.Place, account, "CreateAccessKey", Parameters(("UserName", user.Name)), new GivenValues { AccessKeyId = key.Id, AccessKeySecret = key.Secret });

    private static void Require(RamReader reader, SeedAccount account, SeedReference policy)
    {
        var isThere = policy.IsSystem
            ? SystemPolicies.Find(policy.PolicyName) is not null
            : account.Policies.Any(one => one.Name == policy.Name) || PolicyTable.Find(reader, account.Id, policy.Name) is not null;
        if (!isThere)
        {
            throw policy.Place.Fault(policy.IsSystem
                ? "there is no system policy of that name."
                : "there is no custom policy of that name, in the file or in the account; system policies are written system/NAME.");
        }
    }

    private Func<CancellationToken, Task> Membership(SeedNode place, string account, string action, string user, string group) =>
        calls.Ram(place, account, action, Parameters(("UserName", user), ("GroupName", group)));

    private Func<CancellationToken, Task> Attachment(string account, string verb, SeedIdentity holder, SeedReference policy)
    {
        var api = char.ToUpperInvariant(holder.Kind[0]) + holder.Kind[1..];
        return calls.Ram(
            policy.Place, account, $"{verb}Policy{(verb == "Attach" ? "To" : "From")}{api}",
            Parameters(($"{api}Name", holder.Name), ("PolicyName", policy.PolicyName), ("PolicyType", policy.IsSystem ? PolicyType.System : PolicyType.Custom)));
    }

    private static string What(string account, SeedIdentity holder, string policy) => $"attachment {account}/{holder.Kind}/{holder.Name} {policy}";

    private static SeedChange Extra(SeedNode place, string what, bool isPruning, Func<CancellationToken, Task> remove) => isPruning
        ? new SeedChange(SeedChangeKind.Remove, place, what, remove)
        : SeedChange.Keep(place, $"{what}: not in the file, kept");

    private static Dictionary<string, string> Key(SeedIdentity user, SeedAccessKey key) => Parameters(("UserName", user.Name), ("UserAccessKeyId", key.Id));

    private static Dictionary<string, string> Parameters(params (string Name, string Value)[] all) =>
        all.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
