using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Ways to a key that leave all policies as they are: its tags, and the aliases that lead to it.</summary>
internal sealed class KeyEscalations(AccountCalls calls, EscalationRules rules, AnalysisOptions options)
{
    private const string Decrypt = "kms:Decrypt";

    /// <summary>Tags of a key that a condition asks for, set or removed so that a call becomes allowed (R-TAG-1).</summary>
    internal IEnumerable<(EscalationStep Step, WitnessCall Gained)> ByTags(AccountSnapshot account, AccountIdentity actor, AccountIdentity target)
    {
        var subject = calls.SubjectOf(account, target);
        foreach (var key in account.Keys)
        {
            var change = TagSteps(account, actor, key);
            if (change.Set is null && change.Remove is null)
            {
                continue;
            }

            var walk = new CallWalk([subject], options, calls.Budget, CallSpace.ParseAction("kms:*"), ResourceSpace.Parse(key.Arn));
            var found = walk.Cells().Where(cell => cell.Actions.CarriesTags)
                .SelectMany(cell => cell.Contexts.Points.Select(point => Changed(walk, subject, key, cell.CallAt(point), cell.Contexts, change)))
                .FirstOrDefault(one => one is not null);
            if (found is { } one)
            {
                yield return one;
            }

            calls.Note(found is not null || walk.IsComplete);
        }
    }

    /// <summary>An alias led to a key that the target decrypts with, away from one that nobody in reach does.</summary>
    internal IEnumerable<(EscalationStep Step, WitnessCall Gained)> ByAliases(AccountSnapshot account, AccountIdentity actor, AccountIdentity target, IReadOnlyCollection<AccountIdentity> reach) =>
        from alias in account.Aliases
        where !reach.Any(identity => calls.TryCallWithTags(account, identity, Decrypt, alias.KeyArn) is not null)
        from key in account.Keys
        where key.Arn != alias.KeyArn
        let decrypt = calls.TryCallWithTags(account, target, Decrypt, key.Arn)
        where decrypt is not null
        let step = rules.Step(account, actor, "UpdateAlias", $"leads {alias.Arn} to {key.Arn}", ("kms:UpdateAlias", [alias.KeyArn, key.Arn, alias.Arn]))
        where step is not null
        select (step, decrypt);

    private (EscalationStep? Set, EscalationStep? Remove) TagSteps(AccountSnapshot account, AccountIdentity actor, AccountKey key) => (
        rules.Step(account, actor, "TagResource", $"tags {key.Arn}", ("kms:TagResource", [key.Arn])),
        rules.Step(account, actor, "UntagResource", $"removes tags of {key.Arn}", ("kms:UntagResource", [key.Arn])));

    /// <summary>The call with the tags that make the difference; null where it makes none, or the steps are not allowed.</summary>
    private static (EscalationStep Step, WitnessCall Gained)? Changed(
        CallWalk walk, PolicySubject subject, AccountKey key, WitnessCall wished, ContextSpace contexts, (EscalationStep? Set, EscalationStep? Remove) change)
    {
        var names = contexts.Conditions.Select(condition => condition.Key.Text).Where(KeyDomain.IsTag).Select(text => text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        var wanted = wished.Tags.ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
        var present = key.Tags.ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
        var isSet = wanted.Any(tag => present.GetValueOrDefault(tag.Key) != tag.Value);
        var gone = names.Where(name => present.ContainsKey(name) && !wanted.ContainsKey(name)).ToHashSet(StringComparer.Ordinal);
        if ((isSet && change.Set is null) || (gone.Count > 0 && change.Remove is null) || (!isSet && gone.Count == 0))
        {
            return null;
        }

        var after = wished with { Tags = [.. present.Where(tag => !gone.Contains(tag.Key) && !wanted.ContainsKey(tag.Key)), .. wanted] };
        var isGain = walk.Decide(subject, after).IsAllowed && !walk.Decide(subject, wished with { Tags = key.Tags }).IsAllowed;
        var step = isSet ? change.Set! : change.Remove!;
        var effect = $"{key.Arn} has the tags {string.Join(", ", after.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}";
        var needed = isSet && gone.Count > 0 ? change.Set!.Calls.AddRange(change.Remove!.Calls) : step.Calls;
        return isGain ? (step with { Effect = effect, Calls = needed }, after) : null;
    }
}
