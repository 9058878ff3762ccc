using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Simulation;

using Plans = System.Collections.Generic.Dictionary<(string Action, string Resource), System.Collections.Immutable.ImmutableArray<KmsGateway.Policy.Simulation.SimulatedCheck>>;

namespace KmsGateway.Gateway.Simulator;

/// <summary><c>POST /policy/matrix</c>: the whole grid, with expectations. Source: simulator.md 5.</summary>
internal sealed class MatrixHandler(SimulatorAccess access, PrincipalDirectory directory, ResourceLookup lookup, GatewayOptions options) : ISimulatorHandler
{
    public async Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        var form = MatrixAnswer.FormOf(request.Call);
        var body = MatrixBody.Read(request, options);
        request.Note("Principals", string.Join(',', body.Principals.Select(principal => principal.Label)));
        request.Note("Actions", string.Join(',', body.Actions.Select(action => action.Name)));
        request.Note("Resources", string.Join(',', body.Resources.Select(resource => resource.Label)));
        await access.RequireAsync(request.Call, body.Principals.Select(principal => principal.Real?.ResourceFor(request.Caller) ?? SimulatorAccess.Anything));
        var principals = await LoadAsync(body, request, cancellationToken);
        var resources = body.Resources.Select(resource =>
            resource.Described ?? new SimulatedResource(resource.Label, resource.Real!.Text, resource.Real.Via, []));
        var (plans, shared) = await PlanAsync(body, request);
        var question = body.ToQuestion(principals, [.. resources]) with
        {
            Plan = (action, resource) => plans.TryGetValue((action, resource.Asked), out var checks) ? checks : [new SimulatedCheck(action, resource)],
            View = (caller, check, context) => shared.TryGetValue(check, out var asked) ? asked.For(caller, context).Check : check,
        };
        MatrixFile.RefuseIdle(body.Place, question);
        var outcomes = PolicyMatrix.Judge(question);
        var summary = MatrixSummary.Of(outcomes);
        request.Note("Decision", string.Create(CultureInfo.InvariantCulture, $"{outcomes.Length} cells, {summary.Passed} passed, {summary.Failed} failed"));
        return MatrixAnswer.Of(request.Call.RequestId, form, outcomes, summary);
    }

    private async Task<ImmutableArray<SimulatedPrincipal>> LoadAsync(MatrixBody body, SimulatorRequest request, CancellationToken cancellationToken)
    {
        var principals = ImmutableArray.CreateBuilder<SimulatedPrincipal>(body.Principals.Length);
        foreach (var principal in body.Principals)
        {
            principals.Add(principal.Described
                ?? (await directory.FindAsync(principal.Real!, request.Caller, cancellationToken)).As(principal.Label));
        }

        return principals.MoveToImmutable();
    }

    /// <summary>The checks of every action on every resource that is looked up; none where the action is not checked on such a resource.</summary>
    private async Task<(Plans Plans, Dictionary<SimulatedCheck, ResolvedQuestion> Shared)> PlanAsync(MatrixBody body, SimulatorRequest request)
    {
        var planner = new CheckPlanner(request.Caller.AccountId, options.Region);
        var pairs =
            from action in body.Actions.DistinctBy(action => action.Name)
            from resource in body.Resources
            let real = resource.Real
            where real is not null
            select (Key: (action.Name, resource.Label), Questions: CheckPlanner.Fits(action, [real]) ? planner.Plan(body.Place, action, [real]) : []);
        var planned = pairs.ToArray();
        var resolved = await lookup.ResolveAsync(request.Call, [.. planned.SelectMany(pair => pair.Questions)], [], isBlind: false);
        var plans = new Plans();
        var next = 0;
        foreach (var (key, questions) in planned)
        {
            plans[key] = [.. resolved.Slice(next, questions.Length).Select(question => question?.Check).OfType<SimulatedCheck>()];
            next += questions.Length;
        }

        return (plans, resolved.OfType<ResolvedQuestion>().Where(question => question.Shared is not null).DistinctBy(question => question.Check).ToDictionary(question => question.Check));
    }
}
