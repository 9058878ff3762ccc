using KmsGateway.Gateway.Accounts;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>From the tree of a seed file to what it declares. Unknown members are refused; policies are parsed strictly.</summary>
internal static class SeedReader
{
    public const string Format = "kmsgateway-seed/1";

    private const string PolicyMember = "policies";

    public static SeedDocument Read(SeedNode root)
    {
        root.WithMembers("format", "accounts");
        var format = root.Find("format") ?? throw root.Fault($"format is missing; it must be {Format}.");
        if (format.AsText() != Format)
        {
            throw format.Fault($"must be {Format}.");
        }

        return new SeedDocument(root.File, [.. root.Entries("accounts").Select(member => Account(member.Name, member.Value))]);
    }

    private static SeedAccount Account(string id, SeedNode node)
    {
        node.WithMembers("name", "rootAccessKey", PolicyMember, "users", "groups", "roles", "keys");
        if (!AccountText.IsId(id))
        {
            throw node.Fault("an account is 16 digits, the first not 0.");
        }

        var name = node.Find("name")?.AsText();
        if (name is not null && !AccountText.IsName(name))
        {
            throw node.Find("name")!.Fault($"must have at most {AccountText.MaxNameLength} characters and no control characters.");
        }

        return new SeedAccount(
            node, id, name, node.Find("rootAccessKey") is { } key ? SeedAccessKeys.Read(key) : null,
            [.. node.Entries(PolicyMember).Select(member => PolicyOf(member.Name, member.Value))],
            [
                .. node.Entries("groups").Select(member => Group(member.Name, member.Value)),
                .. node.Entries("roles").Select(member => Role(member.Name, member.Value)),
                .. node.Entries("users").Select(member => User(member.Name, member.Value)),
            ],
            [.. node.Entries("keys").Select(member => Key(member.Name, member.Value))]);
    }

    private static SeedPolicy PolicyOf(string name, SeedNode node)
    {
        node.WithMembers("description", "document", "documentFile");
        return new SeedPolicy(node, name, Filled(node, "description"), SeedDocuments.Read(node, "document", PolicyKind.Identity));
    }

    private static SeedIdentity User(string name, SeedNode node)
    {
        node.WithMembers("comments", "displayName", "email", "mobilePhone", "groups", PolicyMember, "accessKeys");
        var attributes = Attributes(node, ("comments", "Comments"), ("displayName", "DisplayName"), ("email", "Email"), ("mobilePhone", "MobilePhone"));
        return new SeedIdentity(node, IdentityKind.User, name, attributes)
        {
            Policies = References(node, PolicyMember),
            Groups = References(node, "groups"),
            AccessKeys = [.. node.List("accessKeys").Select(SeedAccessKeys.Read)],
        };
    }

    private static SeedIdentity Group(string name, SeedNode node)
    {
        node.WithMembers("comments", PolicyMember);
        return new SeedIdentity(node, IdentityKind.Group, name, Attributes(node, ("comments", "Comments"))) { Policies = References(node, PolicyMember) };
    }

    private static SeedIdentity Role(string name, SeedNode node)
    {
        node.WithMembers("description", "maxSessionDuration", "trust", "trustFile", PolicyMember);
        var attributes = Attributes(node, ("description", "Description"), ("maxSessionDuration", "MaxSessionDuration"));
        attributes["AssumeRolePolicyDocument"] = SeedDocuments.Read(node, "trust", PolicyKind.Trust);
        return new SeedIdentity(node, IdentityKind.Role, name, attributes) { Policies = References(node, PolicyMember) };
    }

    private static SeedKey Key(string name, SeedNode node)
    {
        node.WithMembers("spec", "usage", "protectionLevel", "description", "enabled", "tags", "aliases");
        var tags = node.Entries("tags").ToDictionary(member => member.Name, member => member.Value.AsText(), StringComparer.Ordinal);
        return new SeedKey(
            node, name, node.Find("spec")?.AsText(), node.Find("usage")?.AsText(), node.Find("protectionLevel")?.AsText(),
            Filled(node, "description"), node.Find("enabled")?.AsBoolean(), tags, References(node, "aliases") ?? []);
    }

    private static Dictionary<string, string> Attributes(SeedNode node, params (string Member, string Parameter)[] all) => all
        .Where(pair => node.Find(pair.Member) is not null)
        .ToDictionary(pair => pair.Parameter, pair => Filled(node, pair.Member)!, StringComparer.Ordinal);

    /// <summary>A text that is not empty: the API takes an empty one for an absent one, and could never make it so.</summary>
    private static string? Filled(SeedNode node, string member) => node.Find(member) switch
    {
        null => null,
        { } value when value.AsText().Length > 0 => value.Text,
        { } value => throw value.Fault("must not be empty; leave it out instead."),
    };

    private static SeedReference[]? References(SeedNode node, string member)
    {
        if (node.Find(member) is not { } list)
        {
            return null;
        }

        var references = list.AsList().Select(item => new SeedReference(item, item.AsText())).ToArray();
        var twice = references.GroupBy(reference => reference.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
        return twice is null ? references : throw twice.Last().Place.Fault("given twice.");
    }
}
