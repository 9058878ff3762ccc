using System.Text;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Tests.Kms;

/// <summary>What exists in a test: keys, aliases, ciphertexts, secrets, certificates of one account and region.</summary>
internal sealed class KmsWorld(string account, string region)
{
    private static readonly Dictionary<string, string> NoTags = [];
    private readonly Dictionary<KmsReference, KmsFinding> found = [];

    public static KmsWorld Empty { get; } = new("1234567890123456", "cn-hangzhou");

    public string Account => account;

    public string Region => region;

    public static string Blob(string versionId, int length = 60)
    {
        var bytes = new byte[length];
        Encoding.ASCII.GetBytes(versionId, bytes);
        return Convert.ToBase64String(bytes);
    }

    public KmsFinding Key(string id, IReadOnlyDictionary<string, string>? tags = null, string? owner = null)
    {
        var finding = new KmsFinding($"acs:kms:{region}:{owner ?? account}:key/{id}", tags ?? NoTags);
        found[new(KmsReferenceKind.Key, id, owner ?? account, region)] = finding;
        return finding;
    }

    public void Alias(string name, KmsFinding key) => found[new(KmsReferenceKind.Alias, name, account, region)] = key;

    public void Ciphertext(string versionId, KmsFinding key) =>
        found[new(KmsReferenceKind.CiphertextHead, versionId, account, region)] = key;

    public void Secret(string name, KmsFinding? key = null) =>
        found[new(KmsReferenceKind.Secret, name, account, region)] = new($"acs:kms:{region}:{account}:secret/{name}", NoTags, key);

    public void Certificate(string id) =>
        found[new(KmsReferenceKind.Certificate, id, account, region)] = new($"acs:kms:{region}:{account}:certificate/{id}", NoTags);

    public (KmsCall? Call, KmsCallFault? Fault) Read(string api, params (string Name, string Value)[] parameters)
    {
        var given = parameters.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        KmsCall.TryRead(KmsVocabulary.Find(api)!, name => given.GetValueOrDefault(name), account, region, out var call, out var fault);
        return (call, fault);
    }

    public KmsCallChecks Checks(string api, params (string Name, string Value)[] parameters)
    {
        var (call, fault) = Read(api, parameters);
        Xunit.Assert.Null(fault);
        return call!.Checks([.. call.References.Select(reference => found.GetValueOrDefault(reference))]);
    }
}
