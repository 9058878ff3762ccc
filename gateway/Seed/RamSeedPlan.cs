using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Seed.Reading;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Seed;

/// <summary>Policies, groups, roles and users: what is missing is made, what the file gives another value is changed.</summary>
internal sealed class RamSeedPlan(SeedCalls calls)
{
    private const string Trust = "AssumeRolePolicyDocument";

    public IEnumerable<SeedChange> Plan(RamReader reader, SeedAccount account) =>
    [
        .. account.Policies.SelectMany(policy => PlanPolicy(reader, account.Id, policy)),
        .. account.Identities.SelectMany(identity => PlanIdentity(reader, account.Id, identity)),
    ];

    private IEnumerable<SeedChange> PlanPolicy(RamReader reader, string account, SeedPolicy policy)
    {
        var what = $"policy {account}/{policy.Name}";
        if (PolicyTable.Find(reader, account, policy.Name) is not { } existing)
        {
            yield return SeedChange.Add(policy.Place, what, calls.Ram(
                policy.Place, account, "CreatePolicy",
                Parameters(("PolicyName", policy.Name), ("PolicyDocument", policy.Document), ("Description", policy.Description)), Id(reader, account, "policy", policy.Name)));
            yield break;
        }

        if (policy.Description is { } description && description != existing.Description)
        {
            yield return SeedChange.Change(policy.Place, $"{what}: description", calls.Ram(
                policy.Place, account, "UpdatePolicyDescription", Parameters(("PolicyName", policy.Name), ("NewDescription", description))));
        }

        var current = PolicyVersionTable.Find(reader, existing.Id, existing.DefaultVersion)!;
        if (!IsSame(current.Document, policy.Document, PolicyKind.Identity))
        {
            yield return SeedChange.Change(policy.Place, $"{what}: document, as a new default version", calls.Ram(
                policy.Place, account, "CreatePolicyVersion",
                Parameters(
                    ("PolicyName", policy.Name), ("PolicyDocument", policy.Document), ("SetAsDefault", "true"),
                    ("RotateStrategy", "DeleteOldestNonDefaultVersionWhenLimitExceeded"))));
        }
    }

    private IEnumerable<SeedChange> PlanIdentity(RamReader reader, string account, SeedIdentity wanted)
    {
        var what = $"{wanted.Kind} {account}/{wanted.Name}";
        var api = char.ToUpperInvariant(wanted.Kind[0]) + wanted.Kind[1..];
        if (IdentityTable.FindByName(reader, account, wanted.Kind, wanted.Name) is not { } existing)
        {
            yield return SeedChange.Add(wanted.Place, what, calls.Ram(
                wanted.Place, account, $"Create{api}", new Dictionary<string, string>(wanted.Attributes, StringComparer.Ordinal) { [$"{api}Name"] = wanted.Name },
                Id(reader, account, wanted.Kind, wanted.Name)));
            yield break;
        }

        var current = Current(reader, existing);
        var changed = wanted.Attributes.Where(pair => !IsSame(pair.Key, current[pair.Key], pair.Value)).ToArray();
        if (changed.Length > 0)
        {
            var parameters = changed.ToDictionary(pair => $"New{pair.Key}", pair => pair.Value, StringComparer.Ordinal);
            parameters[$"{api}Name"] = wanted.Name;
            yield return SeedChange.Change(
                wanted.Place, $"{what}: {string.Join(", ", changed.Select(pair => pair.Key))}", calls.Ram(wanted.Place, account, $"Update{api}", parameters));
        }
    }

    private static Dictionary<string, string> Current(RamReader reader, IdentityRecord existing)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["Comments"] = existing.Comments };
        if (existing.Kind == IdentityKind.User)
        {
            var user = UserTable.Get(reader, existing.Id);
            (values["DisplayName"], values["Email"], values["MobilePhone"]) = (user.DisplayName, user.Email, user.MobilePhone);
        }
        else if (existing.Kind == IdentityKind.Role)
        {
            var role = RoleTable.Get(reader, existing.Id);
            (values["Description"], values[Trust]) = (role.Description, role.TrustDocument);
            values["MaxSessionDuration"] = role.MaxSessionSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return values;
    }

    private static bool IsSame(string attribute, string current, string wanted) =>
        attribute == Trust ? IsSame(current, wanted, PolicyKind.Trust) : current == wanted;

    /// <summary>The same document, however it is written.</summary>
    private static bool IsSame(string current, string wanted, PolicyKind kind) =>
        current == wanted
        || (PolicyParser.Parse(current, kind).Document is { } one && PolicyParser.Parse(wanted, kind).Document is { } other
            && PolicyWriter.Write(one) == PolicyWriter.Write(other));

    /// <summary>The id that follows from the name, unless something that was renamed since has it.</summary>
    private static GivenValues? Id(RamReader reader, string account, string kind, string name)
    {
        var id = SeedIds.Entity(account, kind, name);
        return reader.Number("SELECT (SELECT count(*) FROM identities WHERE identity_id = @id) + (SELECT count(*) FROM policies WHERE policy_id = @id)", new { id }) == 0
            ? new GivenValues { Id = id }
            : null;
    }

    private static Dictionary<string, string> Parameters(params (string Name, string? Value)[] all) => all
        .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!, StringComparer.Ordinal);
}
