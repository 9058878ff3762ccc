using System.Collections.Immutable;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>A permission of the key service: what it is asked on, and whether tags come with it.</summary>
internal sealed record Permission(string Action, ImmutableArray<CheckTargetKind> Targets, bool CarriesTags)
{
    /// <summary>Every permission that a call may need, and the calls that need none.</summary>
    internal static ImmutableArray<Permission> All { get; } =
    [
        .. KmsVocabulary.All
            .SelectMany(action => action.Checks)
            .GroupBy(check => check.Action, StringComparer.Ordinal)
            .Select(group => new Permission(group.Key, [.. group.Select(check => check.Target).Distinct()], group.Any(check => check.CarriesTags))),
        .. KmsVocabulary.All.Where(action => action.Checks.IsEmpty).Select(action => new Permission($"kms:{action.Name}", [CheckTargetKind.Anything], false)),
    ];

    /// <summary>The relative ids that a check of this permission may be on; none when it is on <c>*</c>.</summary>
    internal IEnumerable<string> Forms => Targets.SelectMany(TargetResources.Of);

    internal static ImmutableArray<Permission> Of(ActionPattern pattern) => [.. All.Where(permission => pattern.Covers(permission.Action))];
}

/// <summary>The relative ids of the things that checks are made on. Source: ram-policy.md R-KMS-1.</summary>
internal static class TargetResources
{
    private static readonly string[] Keys = ["key/?*"];
    private static readonly string[] Secrets = ["secret/?*"];
    private static readonly string[] Taggable = ["key/?*", "secret/?*", "certificate/?*", "key", "secret", "certificate"];

    internal static IReadOnlyList<string> Of(CheckTargetKind target) => target switch
    {
        CheckTargetKind.Key or CheckTargetKind.KeyBehindAlias or CheckTargetKind.CiphertextKey => Keys,
        CheckTargetKind.SecretKey or CheckTargetKind.EachSecretKey => Keys,
        CheckTargetKind.Secret or CheckTargetKind.EachSecret => Secrets,
        CheckTargetKind.Alias => ["alias/?*"],
        CheckTargetKind.Certificate => ["certificate/?*"],
        CheckTargetKind.KeyOrSecretOrCertificate or CheckTargetKind.EachResource => Taggable,
        CheckTargetKind.KeyContainer => ["key"],
        CheckTargetKind.AliasContainer => ["alias"],
        CheckTargetKind.SecretContainer => ["secret"],
        CheckTargetKind.CertificateContainer => ["certificate"],
        _ => [],
    };
}
