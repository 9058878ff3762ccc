using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Accounts;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary>
/// All policies and attachments as files: <c>ram.json</c> in the format of a seed, without secrets, access keys and keys, and a file per
/// policy (its default version) and trust policy. Paths to texts; the command writes them.
/// </summary>
internal static class RamExport
{
    /// <summary>The file that <c>ram import</c> starts from.</summary>
    public const string FileName = "ram.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Run(IServiceProvider services, JsonObject arguments)
    {
        var only = (string?)arguments["accountId"];
        var files = services.GetRequiredService<RamStore>().Database.Read(reader =>
        {
            var chosen = AccountTable.List(reader).Where(account => only is null || account.Id == only).ToArray();
            return chosen.Length > 0
                ? Files(reader, chosen)
                : throw new StartupException(AccountAdministration.Refused, $"The account {only} does not exist.");
        });
        return new JsonObject { ["files"] = files };
    }

    private static JsonObject Files(RamReader reader, IReadOnlyList<AccountRecord> accounts)
    {
        var files = new JsonObject();
        var all = new JsonObject();
        foreach (var account in accounts)
        {
            all[account.Id] = new JsonObject
            {
                ["policies"] = Policies(reader, account.Id, files),
                ["groups"] = Identities(reader, account.Id, IdentityKind.Group, files),
                ["roles"] = Identities(reader, account.Id, IdentityKind.Role, files),
                ["users"] = Identities(reader, account.Id, IdentityKind.User, files),
            };
        }

        files[FileName] = new JsonObject { ["format"] = SeedReader.Format, ["accounts"] = all }.ToJsonString(Indented) + "\n";
        return files;
    }

    private static JsonObject Policies(RamReader reader, string account, JsonObject files)
    {
        var all = new JsonObject();
        foreach (var policy in PolicyTable.Page(reader, account, null, string.Empty, int.MaxValue))
        {
            var path = $"policies/{account}/{policy.Name}.json";
            files[path] = Pretty(PolicyVersionTable.Find(reader, policy.Id, policy.DefaultVersion)!.Document);
            all[policy.Name] = Filled(("description", policy.Description), ("documentFile", path));
        }

        return all;
    }

    private static JsonObject Identities(RamReader reader, string account, string kind, JsonObject files)
    {
        var all = new JsonObject();
        foreach (var identity in IdentityTable.Page(reader, account, kind, string.Empty, int.MaxValue))
        {
            var node = kind == IdentityKind.Role ? Role(reader, account, identity, files) : Filled(("comments", identity.Comments));
            if (kind == IdentityKind.User)
            {
                node["groups"] = new JsonArray([.. MembershipTable.GroupsOf(reader, identity.Id).Select(group => JsonValue.Create(group.Name))]);
            }

            node["policies"] = new JsonArray(
                [.. AttachmentTable.ListOf(reader, identity.Id).Select(one => JsonValue.Create(SeedReference.OfPolicy(one.Name ?? one.SystemPolicy!, one.SystemPolicy is not null)))]);
            all[identity.Name] = node;
        }

        return all;
    }

    private static JsonObject Role(RamReader reader, string account, IdentityRecord identity, JsonObject files)
    {
        var role = RoleTable.Get(reader, identity.Id);
        var path = $"roles/{account}/{role.Name}.trust.json";
        files[path] = Pretty(role.TrustDocument);
        return Filled(
            ("description", role.Description), ("maxSessionDuration", role.MaxSessionSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("trustFile", path));
    }

    private static JsonObject Filled(params (string Name, string Value)[] all) =>
        new(all.Where(pair => pair.Value.Length > 0).Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Name, pair.Value)));

    private static string Pretty(string document) => JsonNode.Parse(document)!.ToJsonString(Indented) + "\n";
}
