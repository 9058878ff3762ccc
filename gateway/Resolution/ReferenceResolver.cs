using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Resolution;

/// <summary>Looks up what a call names: the cache first, then the core, all unknown references in one question.</summary>
internal sealed class ReferenceResolver(CoreClient core, DescriptorCache cache)
{
    /// <summary>Questions in one look-up; the core takes no more.</summary>
    private const int MaxQuestions = 100;

    /// <summary>Resolves <paramref name="call"/>; with <paramref name="isFresh"/> the cache is passed over (and corrected).</summary>
    public async ValueTask<CallResolution> ResolveAsync(
        KmsCall call, string account, bool isFresh, string requestId, CancellationToken cancellationToken)
    {
        var questions = call.References.Select(ToQuestion).ToImmutableArray();
        var descriptors = new KeyDescriptor?[questions.Length];
        var open = new List<int>();
        for (var index = 0; index < questions.Length; index++)
        {
            descriptors[index] = isFresh ? null : cache.Find(questions[index]);

            // Why the account: a look-up ticket is bound to the caller's, and a foreign key is judged on the name it was given.
            if (descriptors[index] is null && string.Equals(questions[index].Account, account, StringComparison.Ordinal))
            {
                open.Add(index);
            }
        }

        if (open.Count > 0)
        {
            var answers = await core.ResolveAsync(account, [.. open.Select(index => questions[index])], requestId, cancellationToken);
            for (var position = 0; position < open.Count; position++)
            {
                descriptors[open[position]] = Learn(questions[open[position]], answers[position].Descriptor);
            }
        }

        return new CallResolution(
            call.Checks([.. descriptors.Select(ToFinding)]), [.. descriptors], isFresh || open.Count == questions.Length);
    }

    /// <summary>Asks the core for each of these, which are all in <paramref name="account"/>; null = not found.</summary>
    public async Task<IReadOnlyDictionary<KmsReference, KeyDescriptor?>> LookUpAsync(
        IEnumerable<KmsReference> references, string account, string requestId, CancellationToken cancellationToken)
    {
        var found = new Dictionary<KmsReference, KeyDescriptor?>();
        foreach (var batch in references.Distinct().Chunk(MaxQuestions))
        {
            var questions = Array.ConvertAll(batch, ToQuestion);
            var answers = await core.ResolveAsync(account, questions, requestId, cancellationToken);
            for (var index = 0; index < batch.Length; index++)
            {
                found[batch[index]] = Learn(questions[index], answers[index].Descriptor);
            }
        }

        return found;
    }

    private KeyDescriptor? Learn(ReferenceQuestion question, KeyDescriptor? descriptor)
    {
        if (descriptor is null)
        {
            cache.Forget(question);
        }
        else
        {
            cache.Keep(question, descriptor);
        }

        return descriptor;
    }

    /// <summary>What the planner of checks may know of a descriptor.</summary>
    public static KmsFinding? ToFinding(KeyDescriptor? descriptor) =>
        descriptor is null ? null : new KmsFinding(descriptor.KeyArn, descriptor.Tags);

    private static ReferenceQuestion ToQuestion(KmsReference reference) => new(
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
        reference.Text);
}
