using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Resolution;

/// <summary>Looks up what a call names: the cache first, then the core, all unknown references in one question.</summary>
internal sealed class ReferenceResolver(CoreClient core, DescriptorCache cache)
{
    /// <summary>Questions in one look-up; the core takes no more.</summary>
    private const int MaxQuestions = 100;

    /// <summary>
    /// Resolves <paramref name="call"/>; with <paramref name="isFresh"/> the cache is passed over (and corrected). Keys of other
    /// accounts are found for those only whom <see cref="ForeignKeys"/> lets see them.
    /// </summary>
    /// <param name="call">What to resolve.</param>
    /// <param name="account">The account that asks.</param>
    /// <param name="caller">Its principal; null for the service itself, for which nothing foreign is looked up.</param>
    /// <param name="isFresh">Whether to ask the core for everything.</param>
    /// <param name="requestId">The request's.</param>
    /// <param name="cancellationToken">Ends the question to the core.</param>
    public async ValueTask<CallResolution> ResolveAsync(
        KmsCall call, string account, PolicyPrincipal? caller, bool isFresh, string requestId, CancellationToken cancellationToken)
    {
        var questions = call.References
            .Select(reference => ToQuestion(reference, caller is not null && ForeignKeys.MayBeShared(call, reference, account))).ToImmutableArray();
        var descriptors = new KeyDescriptor?[questions.Length];
        var open = new List<int>();
        for (var index = 0; index < questions.Length; index++)
        {
            // Why what is not seen counts as not cached: the core is then asked, as it is for what does not exist.
            descriptors[index] = isFresh ? null : ForeignKeys.Seen(cache.Find(questions[index]), call, index, account, caller);

            // Why the account: a look-up ticket is bound to the caller's, and other foreign things are judged on the name they were given.
            if (descriptors[index] is null && (questions[index].MayBeShared || string.Equals(questions[index].Account, account, StringComparison.Ordinal)))
            {
                open.Add(index);
            }
        }

        if (open.Count > 0)
        {
            var answers = await core.ResolveAsync(account, [.. open.Select(index => questions[index])], requestId, cancellationToken);
            for (var position = 0; position < open.Count; position++)
            {
                // Why what is not seen is forgotten too: an older descriptor, by which the caller was let in, would go on letting it in.
                var index = open[position];
                descriptors[index] = ForeignKeys.Seen(answers[position].Descriptor, call, index, account, caller);
                Learn(questions[index], descriptors[index]);
            }
        }

        return new CallResolution(
            call.Checks([.. descriptors.Select(ToFinding)]), [.. descriptors], isFresh || open.Count == questions.Length);
    }

    /// <summary>
    /// Asks the core for each of these; null = not found. Those that are not in <paramref name="account"/> are keys that it may see:
    /// the asker holds each caller against the key's policy.
    /// </summary>
    public async Task<IReadOnlyDictionary<KmsReference, KeyDescriptor?>> LookUpAsync(
        IEnumerable<KmsReference> references, string account, string requestId, CancellationToken cancellationToken)
    {
        var found = new Dictionary<KmsReference, KeyDescriptor?>();
        foreach (var batch in references.Distinct().Chunk(MaxQuestions))
        {
            var questions = Array.ConvertAll(batch, reference => ToQuestion(reference, mayBeShared: reference.Account != account));
            var answers = await core.ResolveAsync(account, questions, requestId, cancellationToken);
            for (var index = 0; index < batch.Length; index++)
            {
                found[batch[index]] = answers[index].Descriptor;
                Learn(questions[index], answers[index].Descriptor);
            }
        }

        return found;
    }

    private void Learn(ReferenceQuestion question, KeyDescriptor? descriptor)
    {
        if (descriptor is null)
        {
            cache.Forget(question);
        }
        else
        {
            cache.Keep(question, descriptor);
        }
    }

    /// <summary>What the planner of checks may know of a descriptor.</summary>
    public static KmsFinding? ToFinding(KeyDescriptor? descriptor) =>
        descriptor is null ? null : new KmsFinding(descriptor.KeyArn, descriptor.Tags);

    private static ReferenceQuestion ToQuestion(KmsReference reference, bool mayBeShared) => new(
        reference.Kind switch
        {
            KmsReferenceKind.Key => ReferenceKind.Key,
            KmsReferenceKind.Alias => ReferenceKind.Alias,
            KmsReferenceKind.CiphertextHead => ReferenceKind.CiphertextHead,
            KmsReferenceKind.Secret => ReferenceKind.Secret,
            KmsReferenceKind.Certificate => ReferenceKind.Certificate,
            _ => throw new InvalidOperationException("a reference has a kind"),
        },
        reference.Account,
        reference.Region,
        reference.Text,
        mayBeShared);
}
