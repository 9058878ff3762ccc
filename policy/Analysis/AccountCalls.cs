using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>What identities may call in an account, with the statements that let them.</summary>
internal sealed class AccountCalls(AnalysisOptions options)
{
    private readonly Dictionary<(AccountSnapshot, AccountIdentity), (PolicySubject Subject, PolicySubject Optimistic)> subjects = [];

    /// <summary>Whether every question so far was answered.</summary>
    internal bool IsComplete { get; private set; } = true;

    internal AnalysisBudget Budget { get; } = new(options.MaxSteps);

    internal PolicySubject SubjectOf(AccountSnapshot account, AccountIdentity identity) => Both(account, identity).Subject;

    /// <summary>The calls of an operation on all of its resources, in circumstances in which all are allowed; null when there are none.</summary>
    /// <param name="account">The account.</param>
    /// <param name="actor">Who calls.</param>
    /// <param name="action"><c>ram:AttachPolicyToUser</c>.</param>
    /// <param name="resources">ARNs, all of which must be allowed (R-EVAL-13).</param>
    internal ImmutableArray<EscalationCall>? TryCall(AccountSnapshot account, AccountIdentity actor, string action, params ImmutableArray<string> resources)
    {
        var (subject, optimistic) = Both(account, actor);
        var caller = subject.Principal!;
        if (!resources.All(resource => optimistic.Decide(new WitnessCall(caller, action, resource, ConditionContext.Empty, [])).IsAllowed))
        {
            return null;
        }

        foreach (var context in resources.SelectMany(resource => ContextsFor(subject, action, resource)))
        {
            var calls = resources.Select(resource => new WitnessCall(caller, action, resource, context, [])).ToArray();
            if (Array.TrueForAll(calls, call => subject.Decide(call).IsAllowed))
            {
                return [.. calls.Select(call => Explain(account, actor, call))];
            }
        }

        return null;
    }

    /// <summary>A call on a key with the tags that it has; null when it is refused in all circumstances.</summary>
    internal WitnessCall? TryCallWithTags(AccountSnapshot account, AccountIdentity actor, string action, string keyArn)
    {
        var subject = SubjectOf(account, actor);
        var tags = account.Keys.FirstOrDefault(key => string.Equals(key.Arn, keyArn, StringComparison.Ordinal))?.Tags ?? [];
        var walk = new CallWalk([subject], options, Budget, CallSpace.ParseAction(action), ResourceSpace.Parse(keyArn));
        var call = walk.Cells().SelectMany(cell => cell.Contexts.Points.Select(point => cell.CallAt(point, action, keyArn) with { Tags = tags })).FirstOrDefault(one => walk.Decide(subject, one).IsAllowed);
        Note(call is not null || walk.IsComplete);
        return call;
    }

    /// <summary>A call with the statements that allow it.</summary>
    internal EscalationCall Explain(AccountSnapshot account, AccountIdentity actor, WitnessCall call)
    {
        var subject = SubjectOf(account, actor);
        var request = call.ToRequest(subject.PolicyOf(call));
        var explanation = PolicyEvaluator.Explain(subject.Policies, request, PolicyEvaluator.Evaluate(subject.Policies, request));
        var policies = account.PoliciesOf(actor).ToArray();
        return new EscalationCall(call, [.. explanation.DecidedBy.Select(place => ToStatement(subject, policies, call, place))]);
    }

    internal void Note(bool isComplete) => IsComplete &= isComplete;

    private static DecidingStatement ToStatement(PolicySubject subject, (AccountPolicy Policy, string AttachedTo)[] policies, WitnessCall call, StatementReference place)
    {
        var (name, attachedTo, document) = place.Layer switch
        {
            PolicyLayer.Resource when subject.PolicyOf(call) is { } policy => (policy.Kind == PolicyKind.Trust ? "trust policy" : "key policy", call.Resource, policy),
            PolicyLayer.Control => ("control policy", "", subject.Policies.Control[place.Level][place.Policy]),
            _ => (policies[place.Policy].Policy.Name, policies[place.Policy].AttachedTo, policies[place.Policy].Policy.Document),
        };
        return new DecidingStatement(name, attachedTo, place.Statement, document.Statements[place.Statement].Sid);
    }

    /// <summary>Circumstances that one of the resources is allowed in. The checks of a call share them.</summary>
    private IEnumerable<ConditionContext> ContextsFor(PolicySubject subject, string action, string resource)
    {
        if (!Budget.TryTake())
        {
            Note(false);
            yield break;
        }

        var walk = new CallWalk([subject], options, Budget, CallSpace.ParseAction(action), ResourceSpace.Parse(resource));
        foreach (var cell in walk.Cells())
        {
            foreach (var point in cell.Contexts.Points)
            {
                if (walk.Decide(subject, cell.CallAt(point, action, resource)).IsAllowed)
                {
                    yield return point.Context;
                }
            }

            Note(cell.Contexts.Reason == UnknownReason.None);
        }

        Note(walk.IsComplete);
    }

    private (PolicySubject Subject, PolicySubject Optimistic) Both(AccountSnapshot account, AccountIdentity identity)
    {
        if (!subjects.TryGetValue((account, identity), out var both))
        {
            var subject = account.SubjectOf(identity);
            both = (subject, OptimisticSubject.Of(subject));
            subjects.Add((account, identity), both);
        }

        return both;
    }
}
