using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>Calls on which only the conditions decide.</summary>
/// <param name="Principal">Who asks; null for policies by themselves.</param>
/// <param name="Actions">The actions.</param>
/// <param name="Space">The resources that the group was cut from.</param>
/// <param name="Resources">The resources.</param>
/// <param name="CutContexts">Finds the circumstances when they are asked for.</param>
internal sealed record CallCell(PolicyPrincipal? Principal, ActionGroup Actions, ResourceSpace Space, ResourceGroup Resources, Lazy<ContextSpace> CutContexts)
{
    internal ContextSpace Contexts => CutContexts.Value;

    internal WitnessCall CallAt(ContextPoint point) => CallAt(point, Actions.Action, Resources.Resource);

    internal WitnessCall CallAt(ContextPoint point, string action, string resource) =>
        new(Principal ?? PresumedTrust.CallerOf(resource), action, resource, point.Context, point.Tags);
}

/// <summary>Walks the cells of one or two subjects within the bounds.</summary>
internal sealed class CallWalk
{
    private readonly AnalysisOptions options;
    private readonly CallSpace space;
    private int statementsOfCell;

    internal CallWalk(ImmutableArray<PolicySubject> subjects, AnalysisOptions options, ActionPattern? action = null, ResourcePattern? resource = null)
        : this(subjects, options, new AnalysisBudget(options.MaxSteps), action, resource)
    {
    }

    /// <summary>A walk that shares its budget with others.</summary>
    internal CallWalk(ImmutableArray<PolicySubject> subjects, AnalysisOptions options, AnalysisBudget budget, ActionPattern? action, ResourcePattern? resource)
    {
        this.options = options;
        Budget = budget;
        space = new CallSpace(subjects, options, Budget, action, resource);
        IsComplete = space.Actions.IsComplete;
    }

    internal AnalysisBudget Budget { get; }

    internal ActionSpace Actions => space.Actions;

    /// <summary>Whether every cell was seen.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>The cells that a filter lets through, found while the caller asks for more.</summary>
    /// <param name="isWanted">Over the statements that cover the cell; null for all.</param>
    internal IEnumerable<CallCell> Cells(Func<ResourceGroup, bool>? isWanted = null)
    {
        foreach (var actions in space.ActionGroups())
        {
            var (resources, groups) = space.ResourcesOf(actions);
            IsComplete &= resources.IsComplete;
            foreach (var group in groups)
            {
                if (!Budget.TryTake(actions.Statements.Length + 1))
                {
                    IsComplete = false;
                    yield break;
                }

                statementsOfCell = group.Statements.Length;
                if (isWanted?.Invoke(group) != false)
                {
                    yield return new CallCell(space.Principal, actions, resources, group, new Lazy<ContextSpace>(() => ContextsOf(actions, group)));
                }
            }
        }

        IsComplete &= !Budget.IsSpent;
    }

    /// <summary>Asks the evaluator; costs a look at every key for each statement of the present cell.</summary>
    internal Decision Decide(PolicySubject subject, WitnessCall call)
    {
        Budget.TryTake((long)(statementsOfCell + 4) * (call.Context.Entries.Length + call.Tags.Length + 1));
        return subject.Decide(call);
    }

    private ContextSpace ContextsOf(ActionGroup actions, ResourceGroup group) =>
        ContextSpace.Of(group.Statements, actions.CarriesTags, space.Principal, options.Calls, Budget);
}
