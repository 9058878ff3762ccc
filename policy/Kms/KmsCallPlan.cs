using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Kms;

/// <summary>What a planned check takes from the answer to its reference.</summary>
internal enum KmsPlannedUse
{
    None = 0,

    /// <summary>Nothing: the ARN is known already.</summary>
    Literal,

    /// <summary>The thing found; the literal ARN while nothing was.</summary>
    Found,

    /// <summary>The key that protects the secret found; no check without one.</summary>
    EncryptionKey,
}

/// <summary>A check whose resource may still depend on a look-up.</summary>
/// <param name="Spec">From the vocabulary.</param>
/// <param name="Use">What the answer is used for.</param>
/// <param name="Resource">The ARN the caller asked about, judged when nothing was found.</param>
/// <param name="Reference">Index of the look-up; -1 = none.</param>
/// <param name="Absent">What the caller is told when the look-up finds nothing, or at once when there is none to make.</param>
internal sealed record KmsPlannedCheck(CheckSpec Spec, KmsPlannedUse Use, string Resource, int Reference = -1, KmsCallFault? Absent = null)
{
    public KmsCheck? Judge(KmsFinding? finding) => Use switch
    {
        KmsPlannedUse.Found when finding is not null => On(finding),
        KmsPlannedUse.EncryptionKey => finding?.EncryptionKey is { } key ? On(key) : null,
        _ => new KmsCheck(Spec.Action, Resource, ConditionContext.Empty, Reference, IsFromCiphertext),
    };

    private bool IsFromCiphertext => Spec.Target == CheckTargetKind.CiphertextKey;

    private KmsCheck On(KmsFinding finding) =>
        new(Spec.Action, finding.Arn, Spec.CarriesTags ? TagContext(finding.Tags) : ConditionContext.Empty, Reference, IsFromCiphertext);

    private static ConditionContext TagContext(IReadOnlyDictionary<string, string> tags) =>
        tags.Count == 0
            ? ConditionContext.Empty
            : new ConditionContext(tags.Select(tag =>
                KeyValuePair.Create(KmsVocabulary.TagKeyPrefix + tag.Key, ImmutableArray.Create(tag.Value))));
}
