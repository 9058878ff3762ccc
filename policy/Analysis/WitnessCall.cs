using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Analysis;

/// <summary>A call that shows something: it can be put to <see cref="PolicyEvaluator"/>, or pasted into a simulation.</summary>
/// <param name="Principal">Who asks; for policies by themselves a user of the account that owns the resource.</param>
/// <param name="Action"><c>kms:Decrypt</c>; where the vocabulary has no such action, a name that the patterns cover.</param>
/// <param name="Resource">ARN, or <c>*</c> for a call without a resource.</param>
/// <param name="Context">Condition keys, tags left out.</param>
/// <param name="Tags">Tags of the resource that the call depends on.</param>
public sealed record WitnessCall(
    PolicyPrincipal Principal,
    string Action,
    string Resource,
    ConditionContext Context,
    ImmutableArray<KeyValuePair<string, string>> Tags)
{
    /// <summary>The question as the evaluator takes it.</summary>
    /// <param name="resourcePolicy">Key or trust policy of the resource, <see cref="PolicySubject.PolicyOf"/>.</param>
    public AuthorizationRequest ToRequest(PolicyDocument? resourcePolicy) =>
        new(Principal, [new PolicyCheck(Action, Resource, new ConditionContext([.. Context.Entries, .. Tags.Select(ToEntry)]), resourcePolicy)]);

    private static KeyValuePair<string, ImmutableArray<string>> ToEntry(KeyValuePair<string, string> tag) =>
        KeyValuePair.Create(KmsVocabulary.TagKeyPrefix + tag.Key, ImmutableArray.Create(tag.Value));
}
