using System.Collections.Frozen;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>What this provider does with the material of one key spec; a spec without a row is not supported here.</summary>
/// <param name="Generate">Fresh material.</param>
/// <param name="Fingerprint">Its <c>F</c>.</param>
/// <param name="Open">A handle that owns the material, from it and the version id.</param>
internal sealed record SoftwareSpec(
    Func<KeyMaterial> Generate, FingerprintFunction Fingerprint, Func<KeyMaterial, string, IKeyHandle> Open)
{
    private static readonly FrozenDictionary<string, SoftwareSpec> All = new Dictionary<string, SoftwareSpec>(
        MacHash.All.Select(mac => KeyValuePair.Create(mac.Key, OfMac(mac.Key, mac.Value))).Concat(PairSpecs.All), StringComparer.Ordinal)
    {
        [KeySpec.Aes256.Name] = new(
            Secret(KeySpec.Aes256), MaterialFingerprint.OfAes, (material, versionId) => new SoftwareKeyHandle(material, versionId)),
        [KeySpec.Sm4.Name] = new(
            Secret(KeySpec.Sm4), Sm4Gcm.Fingerprint, (material, versionId) => new Sm4KeyHandle(material, versionId)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static SoftwareSpec? Find(string keySpec) => All.GetValueOrDefault(keySpec);

    private static SoftwareSpec OfMac(string name, MacHash hash) =>
        new(Secret(KeySpec.All[name]), MacHash.Fingerprint, (material, _) => new MacKeyHandle(material, hash));

    private static Func<KeyMaterial> Secret(KeySpec spec) => () => KeyMaterial.Random(spec.MaterialBytes);
}
