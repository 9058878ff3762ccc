using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>A check with its resource looked up.</summary>
/// <param name="Check">For the evaluator.</param>
/// <param name="Pending">What a caller who is allowed is told, since the resource does not exist; null when it does.</param>
/// <param name="Descriptor">What is stored of the key, if it exists.</param>
internal sealed record ResolvedQuestion(SimulatedCheck Check, string? Pending, KeyDescriptor? Descriptor)
{
    /// <summary>The check on a key of another account than the asker's.</summary>
    public SharedQuestion? Shared { get; init; }

    /// <summary>
    /// The question as a caller puts it. Why only callers of the asking account: a principal can be described as one of any, the owner's
    /// among them, and what the key's policy lets those see is not the asker's to learn.
    /// </summary>
    public ResolvedQuestion For(SimulatedPrincipal caller, ConditionContext context) =>
        Shared is not null && caller.Principal.Account == Shared.AskedBy && SharedKeys.Seen(caller, Shared.Check, context) is { } seen
            ? this with { Check = seen, Pending = null }
            : this;
}

/// <summary>A check on the key of another account, for those only whom its policy names.</summary>
/// <param name="Check">With the key's tags and policy.</param>
/// <param name="AskedBy">The account that asks.</param>
internal sealed record SharedQuestion(SimulatedCheck Check, string AskedBy);

/// <summary>
/// Looks up what questions name, each thing once and fresh, in the caller's account and region, and keys of other accounts that
/// calls of key users may be about: whatever else is named is judged on its name, as what does not exist is (decisions.md D6).
/// </summary>
internal sealed class ResourceLookup(ReferenceResolver resolver, RolePolicies roles, GatewayOptions options)
{
    /// <summary>
    /// The questions, resolved, in order; null where the live path asks nothing. An override that is about none of the resources is refused: it would be a misspelling
    /// that changes nothing.
    /// </summary>
    /// <param name="call">Whose account, and when.</param>
    /// <param name="questions">What to look up.</param>
    /// <param name="overrides">What the request says in place of what is stored.</param>
    /// <param name="isBlind">Whether stored tags and key policies are left out: the caller may not read them.</param>
    public async Task<ImmutableArray<ResolvedQuestion?>> ResolveAsync(
        Call call, ImmutableArray<PlannedQuestion> questions, ImmutableArray<ResourceOverride> overrides, bool isBlind)
    {
        var account = call.Caller.AccountId;
        var planner = new CheckPlanner(account, options.Region);
        var keyed = overrides.Select(each => (Override: each, Question: planner.PlanKey(each.Resource))).ToArray();
        var references = questions.Concat(keyed.Select(each => each.Question)).SelectMany(question => question.Kms?.References ?? [])
            .Where(reference => reference.Account == account && reference.Region == options.Region);
        var shared = (isBlind ? [] : questions).Where(question => question.Kms is { IsForKeyUsers: true }).SelectMany(question => question.Kms!.References)
            .Where(reference => reference.Kind == KmsReferenceKind.Key && reference.Account != account && reference.Region == options.Region);
        var found = await resolver.LookUpAsync(references.Concat(shared), account, call.RequestId, call.Aborted);
        var view = new ResourceView(found, account, isBlind, question => roles.TrustOf(question.Permission, question.Literal, account));
        var tags = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var keyPolicies = new Dictionary<string, PolicyDocument>(StringComparer.Ordinal);
        foreach (var (each, question) in keyed)
        {
            var arn = view.Resolve(question, tags, keyPolicies)!.Check.Resource.Arn;
            var isNew = each.Tags is not null ? tags.TryAdd(arn, each.Tags) : keyPolicies.TryAdd(arn, each.Policy!);
            if (!isNew)
            {
                throw each.Resource.Place.Fault("is about a resource that another entry is about.");
            }
        }

        ImmutableArray<ResolvedQuestion?> resolved = [.. questions.Select(question => view.Resolve(question, tags, keyPolicies))];
        foreach (var (each, question) in keyed)
        {
            var arn = view.Resolve(question, tags, keyPolicies)!.Check.Resource.Arn;
            if (!resolved.Any(other => other?.Check.Resource.Arn == arn || other?.Descriptor?.KeyArn == arn))
            {
                throw each.Resource.Place.Fault("is about none of the resources that are asked about.");
            }
        }

        return resolved;
    }
}
