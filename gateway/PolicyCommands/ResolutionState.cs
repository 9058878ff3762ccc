using System.Globalization;
using System.Text;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>What exists in the cases of one resolution file: keys, aliases, ciphertexts, secrets.</summary>
internal sealed class ResolutionState
{
    private const int CiphertextBytes = 60;

    private readonly Dictionary<KmsReference, KmsFinding> found = [];
    private readonly Dictionary<string, string> blobs = new(StringComparer.Ordinal);

    public ResolutionState(InputNode node)
    {
        node.WithMembers("account", "region", "keys", "aliases", "ciphertexts", "secrets");
        Account = node.Required("account").Text();
        Region = node.Required("region").Text();
        var keys = Members(node, "keys").ToDictionary(key => key.Name, key => AddKey(key.Name, key.Value), StringComparer.Ordinal);
        foreach (var (name, key) in Members(node, "aliases"))
        {
            found[new(KmsReferenceKind.Alias, name, Account, Region)] = KeyOf(keys, key);
        }

        foreach (var (text, key) in Members(node, "ciphertexts"))
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"aaaaaaaa-0000-4000-8000-{blobs.Count:x12}");
            blobs[text] = Ciphertext(version);
            found[new(KmsReferenceKind.CiphertextHead, version, Account, Region)] = KeyOf(keys, key);
        }

        foreach (var (name, secret) in Members(node, "secrets"))
        {
            var key = secret.WithMembers("key").Find("key") is { } given ? KeyOf(keys, given) : null;
            found[new(KmsReferenceKind.Secret, name, Account, Region)] = new($"acs:kms:{Region}:{Account}:secret/{name}", NoTags, key);
        }
    }

    public string Account { get; }

    public string Region { get; }

    private static Dictionary<string, string> NoTags => [];

    public KmsFinding? Find(KmsReference reference) => found.GetValueOrDefault(reference);

    /// <summary>A ciphertext that leads to the key which the state gives for the opaque text; the text itself when it gives none.</summary>
    public string Blob(string text) => blobs.GetValueOrDefault(text, text);

    private KmsFinding AddKey(string id, InputNode node)
    {
        node.WithMembers("tags", "arn");
        var tags = Members(node, "tags").ToDictionary(tag => tag.Name, tag => tag.Value.Text(), StringComparer.Ordinal);
        var owner = Account;
        if (node.Find("arn") is { } arn)
        {
            owner = KmsCallSyntax.TryReadKeyArn(arn.Text(), out var fields, out var keyId) && keyId == id
                ? fields.Account
                : throw arn.Fault("must be the ARN of this key.");
        }

        var finding = new KmsFinding($"acs:kms:{Region}:{owner}:key/{id}", tags);
        found[new(KmsReferenceKind.Key, id, owner, Region)] = finding;
        return finding;
    }

    private static KmsFinding KeyOf(Dictionary<string, KmsFinding> keys, InputNode node) =>
        keys.GetValueOrDefault(node.Text()) ?? throw node.Fault("names no key of the state.");

    private static IEnumerable<(string Name, InputNode Value)> Members(InputNode node, string name) => node.Find(name)?.Members() ?? [];

    /// <summary>{ key version id:36 | zeros }</summary>
    private static string Ciphertext(string version)
    {
        var bytes = new byte[CiphertextBytes];
        Encoding.ASCII.GetBytes(version, bytes);
        return Convert.ToBase64String(bytes);
    }
}
