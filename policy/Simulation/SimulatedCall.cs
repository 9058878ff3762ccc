using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Simulation;

/// <summary>A resource of a simulated call, resolved.</summary>
/// <param name="Asked">As the caller wrote it.</param>
/// <param name="Arn">What is judged: an ARN, or <c>*</c>.</param>
/// <param name="Via"><c>arn</c>, <c>key</c>, <c>alias</c>, <c>container</c>.</param>
/// <param name="Tags">Its tags; supplied to the actions that carry tags, and to no other (R-TAG-2).</param>
/// <param name="Policy">Its key or trust policy; null when it has none.</param>
public sealed record SimulatedResource(
    string Asked, string Arn, string Via, ImmutableArray<KeyValuePair<string, string>> Tags, PolicyDocument? Policy = null)
{
    /// <summary>The key of another account, as its policy lets the caller see it: its tags decide and are not told.</summary>
    public bool IsShared { get; init; }
}

/// <summary>One question that a call puts to the evaluator.</summary>
/// <param name="Action">The permission, which may differ from the name of the call: <c>kms:ReEncryptFrom</c>.</param>
/// <param name="Resource">What it is asked on.</param>
public sealed record SimulatedCheck(string Action, SimulatedResource Resource);

/// <summary>One call to judge.</summary>
/// <param name="Action">A permission, <c>kms:Decrypt</c>.</param>
/// <param name="Resources">At least one; all must be allowed (R-EVAL-13).</param>
/// <param name="Context">Condition keys of the request; a key that is not there is missing.</param>
public sealed record SimulatedCall(string Action, ImmutableArray<SimulatedResource> Resources, ConditionContext Context)
{
    private static readonly ImmutableHashSet<string> TagCarriers =
        [.. KmsVocabulary.All.SelectMany(action => action.Checks).Where(check => check.CarriesTags).Select(check => check.Action)];

    /// <summary>Whether the gateway supplies the tags of a key with this permission. Source: ram-policy.md R-TAG-2.</summary>
    public static bool CarriesTags(string action) => TagCarriers.Contains(action);

    /// <summary>The question about one of the resources, as the live path would put it.</summary>
    internal PolicyCheck CheckOn(SimulatedResource resource)
    {
        if (resource.Tags.IsDefaultOrEmpty || !CarriesTags(Action))
        {
            return new PolicyCheck(Action, resource.Arn, Context, resource.Policy);
        }

        var tags = resource.Tags.Select(tag => KeyValuePair.Create(KmsVocabulary.TagKeyPrefix + tag.Key, ImmutableArray.Create(tag.Value)));
        return new PolicyCheck(Action, resource.Arn, new ConditionContext([.. Context.Entries, .. tags]), resource.Policy);
    }
}
