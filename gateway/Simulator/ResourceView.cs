using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>What one request sees of the store: descriptors that were found, and what the request says in their place.</summary>
/// <param name="found">By reference; what is not in it was not found.</param>
/// <param name="account">The account of those that are asked about; keys of another one are there for some of them only.</param>
/// <param name="isBlind">Whether stored tags and policies are left out.</param>
/// <param name="trust">The trust policy of the role that a question is about.</param>
internal sealed class ResourceView(
    IReadOnlyDictionary<KmsReference, KeyDescriptor?> found, string account, bool isBlind, Func<PlannedQuestion, PolicyDocument?> trust)
{
    /// <summary>The question with its resource; null when the live path asks nothing: a secret under the service's own key.</summary>
    public ResolvedQuestion? Resolve(
        PlannedQuestion question, Dictionary<string, IReadOnlyDictionary<string, string>> tags, Dictionary<string, PolicyDocument> keyPolicies)
    {
        if (question.Kms is null)
        {
            var policy = isBlind ? null : trust(question);
            return new ResolvedQuestion(
                new SimulatedCheck(question.Permission, new SimulatedResource(question.Asked, question.Literal, question.Via, [], policy)), null, null);
        }

        var all = question.Kms.References.Select(reference => found.GetValueOrDefault(reference)).ToArray();
        var descriptors = Array.ConvertAll(all, descriptor => descriptor is not null && ForeignKeys.IsOwn(descriptor, account) ? descriptor : null);
        var checks = question.Kms.Checks([.. descriptors.Select(descriptor => ToFinding(descriptor, tags))]);
        if (checks.Checks is not [var check])
        {
            return null;
        }

        var resolved = Resolved(question, check, checks.Pending?.Code, check.Reference >= 0 ? descriptors[check.Reference] : null, tags, keyPolicies);
        var isSupposed = tags.ContainsKey(check.Resource) || keyPolicies.ContainsKey(check.Resource);
        return descriptors is [null] && all is [{ } foreign] && !isSupposed ? resolved with { Shared = Shared(question, foreign) } : resolved;
    }

    /// <summary>The check as those put it whom the owner of the key lets in.</summary>
    private SharedQuestion? Shared(PlannedQuestion question, KeyDescriptor foreign)
    {
        if (isBlind || !question.Kms!.IsForKeyUsers || KeyPolicies.Find(foreign) is not { } policy)
        {
            return null;
        }

        var check = question.Kms.Checks([ReferenceResolver.ToFinding(foreign)]).Checks.Single();
        var resource = new SimulatedResource(question.Asked, check.Resource, question.Via, [.. check.Context.Entries.Select(ToTag)], policy);
        return new SharedQuestion(new SimulatedCheck(check.Action, resource), account);
    }

    private ResolvedQuestion Resolved(
        PlannedQuestion question,
        KmsCheck check,
        string? pending,
        KeyDescriptor? descriptor,
        Dictionary<string, IReadOnlyDictionary<string, string>> tags,
        Dictionary<string, PolicyDocument> keyPolicies)
    {
        // Why read again when nothing was found: a key that is only spoken of may still be given tags.
        var context = descriptor is null && tags.TryGetValue(check.Resource, out var supposed)
            ? question.Kms!.Checks([.. question.Kms.References.Select(_ => (KmsFinding?)new KmsFinding(check.Resource, supposed))]).Checks.Single().Context
            : check.Context;
        var stored = descriptor is { KeyPolicy: not null } && !isBlind ? KeyPolicies.Parse(descriptor) : null;
        var policy = keyPolicies.GetValueOrDefault(descriptor?.KeyArn ?? check.Resource) ?? stored;
        var resource = new SimulatedResource(question.Asked, check.Resource, question.Via, [.. context.Entries.Select(ToTag)], policy);
        return new ResolvedQuestion(new SimulatedCheck(check.Action, resource), pending, descriptor);
    }

    private KmsFinding? ToFinding(KeyDescriptor? descriptor, Dictionary<string, IReadOnlyDictionary<string, string>> tags)
    {
        var finding = ReferenceResolver.ToFinding(descriptor);
        if (finding is null)
        {
            return null;
        }

        var stored = isBlind ? ImmutableDictionary<string, string>.Empty : finding.Tags;
        return finding with { Tags = tags.GetValueOrDefault(finding.Arn) ?? stored };
    }

    private static KeyValuePair<string, string> ToTag(KeyValuePair<string, ImmutableArray<string>> entry) =>
        KeyValuePair.Create(entry.Key[KmsVocabulary.TagKeyPrefix.Length..], entry.Value[0]);
}
