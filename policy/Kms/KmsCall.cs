using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Kms;

/// <summary>What a reference names. The names are those of the contract between gateway and core.</summary>
public enum KmsReferenceKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A bare key id.</summary>
    Key,

    /// <summary>An alias, its <c>alias/</c> included.</summary>
    Alias,

    /// <summary>The key version id at the head of a ciphertext.</summary>
    CiphertextHead,

    /// <summary>A secret's name.</summary>
    Secret,

    /// <summary>A certificate's id.</summary>
    Certificate,
}

/// <summary>One thing to look up before a call can be judged; its syntax has been checked.</summary>
/// <param name="Kind">What <paramref name="Text"/> is.</param>
/// <param name="Text">The id or name, never an ARN.</param>
/// <param name="Account">The account to look in: the caller's, or the one a key ARN names.</param>
/// <param name="Region">The region of this service.</param>
public sealed record KmsReference(KmsReferenceKind Kind, string Text, string Account, string Region);

/// <summary>What a look-up found.</summary>
/// <param name="Arn">ARN of the key (also for aliases and ciphertexts), secret or certificate, made from stored records.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="EncryptionKey">For a secret: the customer's key that protects it; null under the service's own.</param>
public sealed record KmsFinding(string Arn, IReadOnlyDictionary<string, string> Tags, KmsFinding? EncryptionKey = null);

/// <summary>One question for the evaluator.</summary>
/// <param name="Action">Permission, <c>kms:Encrypt</c>.</param>
/// <param name="Resource">ARN, or <c>*</c>.</param>
/// <param name="Context">The <c>kms:tag/...</c> keys, where the check carries them (R-TAG-2).</param>
/// <param name="Reference">Index into <see cref="KmsCall.References"/> of the look-up behind it, for versions; -1 where there is none.</param>
/// <param name="IsFromCiphertext">A refusal must then name no ARN (decisions.md D6).</param>
public sealed record KmsCheck(string Action, string Resource, ConditionContext Context, int Reference, bool IsFromCiphertext);

/// <summary>What to ask the evaluator, and what the caller is told afterwards if everything is allowed.</summary>
/// <param name="Checks">All must be allowed; in the order of ram-policy.md section 8.</param>
/// <param name="Pending">Raised after authorization (R-KMS-8): the first thing that does not exist.</param>
public sealed record KmsCallChecks(ImmutableArray<KmsCheck> Checks, KmsCallFault? Pending);

/// <summary>
/// One call of the key service on its way from parameters to checks: <see cref="TryRead"/> finds what must be looked up,
/// <see cref="Checks"/> turns the answers into questions for the evaluator. Pure; the alias is resolved once and both check
/// and operation use that key (R-KMS-4). Sources: ram-policy.md section 8, decisions.md D6.
/// </summary>
public sealed class KmsCall
{
    private readonly ImmutableArray<KmsPlannedCheck> plan;

    private KmsCall(bool isForKeyUsers, ImmutableArray<KmsReference> references, ImmutableArray<KmsPlannedCheck> plan)
    {
        IsForKeyUsers = isForKeyUsers;
        References = references;
        this.plan = plan;
    }

    /// <summary>What to look up, each thing once, in the order of the checks.</summary>
    public ImmutableArray<KmsReference> References { get; }

    /// <summary>Whether it can be about the key of another account; if not, such a key is judged by its ARN alone (R-EVAL-9).</summary>
    public bool IsForKeyUsers { get; }

    /// <summary>The permissions that are asked on what a reference leads to.</summary>
    /// <param name="reference">Index into <see cref="References"/>.</param>
    public IEnumerable<string> PermissionsOn(int reference) =>
        plan.Where(check => check.Reference == reference).Select(check => check.Spec.Action);

    /// <summary>
    /// Reads the parameters that name resources. A fault (MissingParameter, InvalidParameter, Unsupported.Alias) ends the call
    /// before anything is looked up or judged.
    /// </summary>
    /// <param name="action">From <see cref="KmsVocabulary"/>.</param>
    /// <param name="parameters">Value of a parameter, null when absent or empty.</param>
    /// <param name="account">The caller's account.</param>
    /// <param name="region">The region of this service.</param>
    /// <param name="call">Set when there is no fault.</param>
    /// <param name="fault">Set when there is one.</param>
    public static bool TryRead(
        KmsAction action,
        Func<string, string?> parameters,
        string account,
        string region,
        [NotNullWhen(true)] out KmsCall? call,
        [NotNullWhen(false)] out KmsCallFault? fault)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(parameters);
        var planner = new KmsCallPlanner(action, parameters, account, region);
        fault = planner.Read();
        call = fault is null ? new KmsCall(action.IsForKeyUsers, planner.References, planner.Plan) : null;
        return fault is null;
    }

    /// <summary>The checks, given what was found.</summary>
    /// <param name="answers">One per reference, in order; null = not found.</param>
    public KmsCallChecks Checks(IReadOnlyList<KmsFinding?> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Count != References.Length)
        {
            throw new ArgumentException("one answer per reference", nameof(answers));
        }

        var checks = ImmutableArray.CreateBuilder<KmsCheck>(plan.Length);
        KmsCallFault? pending = null;
        foreach (var planned in plan)
        {
            var finding = planned.Reference >= 0 ? answers[planned.Reference] : null;
            if (planned.Judge(finding) is { } check)
            {
                checks.Add(check);
            }

            if (finding is null)
            {
                pending ??= planned.Absent;
            }
        }

        return new KmsCallChecks(checks.ToImmutable(), pending);
    }
}
