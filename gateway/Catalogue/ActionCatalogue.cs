using System.Collections.Frozen;
using System.Collections.Immutable;
using KmsGateway.Gateway.Catalogue.Entries;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// Every action of the three products. Routing, parameter checks, authorization, the trail and the docs read this list and
/// nothing else. Sources: kms-api.json, ram-sts-api.json, kms-actions.json, held to them by tests (tests/deviations.md).
/// </summary>
internal static class ActionCatalogue
{
    public const string KmsVersion = KmsVocabulary.ApiVersion;
    public const string RamVersion = "2015-05-01";
    public const string StsVersion = "2015-04-01";

    private static readonly ImmutableArray<ActionDescriptor> Entries =
    [
        .. KmsServiceActions.All().Concat(KmsKeyActions.All()).Concat(KmsAliasActions.All()).Concat(KmsSymmetricActions.All())
            .Concat(KmsAsymmetricActions.All()).Concat(KmsTagActions.All()).Concat(KmsSecretActions.All()).Concat(KmsPolicyActions.All())
            .Concat(KmsCertificateActions.All()).Concat(KmsOutOfScopeActions.All())
            .Concat(RamUserActions.All()).Concat(RamGroupActions.All()).Concat(RamPolicyActions.All()).Concat(RamAttachmentActions.All())
            .Concat(RamRoleActions.All()).Concat(RamDiagnosisActions.All()).Concat(StsActions.All())
            .Select(entry => entry.Build()),
    ];

    private static readonly FrozenDictionary<(string Version, string Action), ActionDescriptor> ByName =
        Entries.ToFrozenDictionary(entry => (entry.Version, entry.Name));

    /// <summary>The API versions that select a product.</summary>
    public static ImmutableArray<string> Versions { get; } = [KmsVersion, RamVersion, StsVersion];

    /// <summary>Every entry, in the order of the docs.</summary>
    public static ImmutableArray<ActionDescriptor> All => Entries;

    /// <summary>The entry of that version and name (letter case counts); null when there is none.</summary>
    public static ActionDescriptor? Find(string version, string action) => ByName.GetValueOrDefault((version, action));
}
