using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// Everything that one principal can bring about: first whose place it can take, then what those can change, then the same in
/// the changed account. A step is followed further only when it gained something.
/// </summary>
internal sealed class EscalationSearch(AccountSnapshot start, AccountIdentity principal, AnalysisOptions options)
{
    /// <summary>Changes of the account in one path; each of them may be preceded by taking somebody's place.</summary>
    private const int MaxChanges = 3;

    private const int MaxPaths = 100;

    private readonly AccountCalls calls = new(options);
    private readonly List<EscalationPath> paths = [];
    private readonly HashSet<(string Rule, string Effect)> told = [];

    internal bool IsComplete => calls.IsComplete && !calls.Budget.IsSpent && paths.Count < MaxPaths;

    internal List<EscalationPath> Find()
    {
        var rules = new EscalationRules(calls);
        var keys = new KeyEscalations(calls, rules, options);
        var queue = new Queue<(AccountSnapshot Account, ImmutableArray<EscalationStep> Steps, int Changes)>([(start, [], 0)]);
        while (queue.TryDequeue(out var state) && paths.Count < MaxPaths && !calls.Budget.IsSpent)
        {
            var reach = Reach(rules, state.Account, state.Steps);
            foreach (var (actor, target) in Pairs(reach.Keys))
            {
                var before = Union(reach[actor].Steps, reach[target].Steps);
                AddKeyPaths(keys, state.Account, before, actor, target, reach.Keys);
                foreach (var move in rules.WaysToChange(reach[target].Account, actor, target))
                {
                    var isNew = IsGain(move.Account, target, before.Add(move.Step), [.. reach.Select(one => (one.Value.Account, one.Key))]);
                    if (isNew && state.Changes + 1 < MaxChanges)
                    {
                        queue.Enqueue((move.Account, before.Add(move.Step), state.Changes + 1));
                    }
                }
            }
        }

        return paths;
    }

    private static IEnumerable<(AccountIdentity Actor, AccountIdentity Target)> Pairs(IReadOnlyCollection<AccountIdentity> reach) =>
        from actor in reach from target in reach select (actor, target);

    private static ImmutableArray<EscalationStep> Union(ImmutableArray<EscalationStep> one, ImmutableArray<EscalationStep> other) => [.. one.Union(other)];

    /// <summary>The identities whose place can be taken, and the account as each was reached.</summary>
    private Dictionary<AccountIdentity, (AccountSnapshot Account, ImmutableArray<EscalationStep> Steps)> Reach(EscalationRules rules, AccountSnapshot account, ImmutableArray<EscalationStep> steps)
    {
        var reach = new Dictionary<AccountIdentity, (AccountSnapshot Account, ImmutableArray<EscalationStep> Steps)> { [principal] = (account, steps) };
        var queue = new Queue<AccountIdentity>([principal]);
        while (queue.TryDequeue(out var actor))
        {
            foreach (var target in account.Identities.Where(identity => !reach.ContainsKey(identity)).ToArray())
            {
                foreach (var (more, after) in rules.WaysToBecome(reach[actor].Account, actor, target))
                {
                    var all = reach[actor].Steps.AddRange(more);
                    IsGain(after, target, all, [(start, principal)]);
                    if (reach.TryAdd(target, (after, all)))
                    {
                        queue.Enqueue(target);
                    }
                }
            }
        }

        return reach;
    }

    private void AddKeyPaths(KeyEscalations keys, AccountSnapshot account, ImmutableArray<EscalationStep> before, AccountIdentity actor, AccountIdentity target, IReadOnlyCollection<AccountIdentity> reach)
    {
        foreach (var (step, gained) in keys.ByTags(account, actor, target).Where(one => !CouldBefore(one.Gained)))
        {
            Tell(before.Add(step), target, EscalationGain.Access, gained);
        }

        foreach (var (step, gained) in keys.ByAliases(account, actor, target, reach))
        {
            Tell(before.Add(step), target, EscalationGain.RedirectedAlias, gained);
        }
    }

    /// <summary>Whether the target can after the steps what none of those before could; then the path is told, once.</summary>
    private bool IsGain(AccountSnapshot after, AccountIdentity target, ImmutableArray<EscalationStep> steps, ImmutableArray<(AccountSnapshot Account, AccountIdentity Identity)> before)
    {
        var gained = GainFinder.Find(calls, options, (after, target), before.Add((start, principal)));
        return gained is not null && Tell(steps, target, EscalationGain.Access, gained);
    }

    private bool CouldBefore(WitnessCall gained)
    {
        var subject = calls.SubjectOf(start, principal);
        var key = start.Keys.First(one => string.Equals(one.Arn, gained.Resource, StringComparison.Ordinal));
        return subject.Decide(GainFinder.By(subject.Principal!, gained with { Tags = key.Tags })).IsAllowed;
    }

    private bool Tell(ImmutableArray<EscalationStep> steps, AccountIdentity target, EscalationGain gain, WitnessCall gained)
    {
        var isNew = told.Add((steps[^1].Rule, steps[^1].Effect));
        if (isNew)
        {
            paths.Add(new EscalationPath(principal.Text, steps, target.Text, gain, gained));
        }

        return isNew;
    }
}
