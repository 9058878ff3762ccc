using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Gateway.Hosting;

namespace KmsGateway.Gateway.Simulator;

/// <summary><c>POST /policy/who-can</c>: who can do something on something. Source: simulator.md 6.</summary>
internal sealed class WhoCanHandler(
    SimulatorAccess access, PrincipalDirectory directory, RolePolicies roles, ResourceLookup lookup, GatewayOptions options) : ISimulatorHandler
{
    public async Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body.WithMembers("action", "resource", "context");
        var (account, region) = (request.Caller.AccountId, options.Region);
        var action = SimulatedAction.Find(body.Required("action"));
        ImmutableArray<AskedResource> asked = body.Find("resource") is { } node ? [AskedResource.Read(node, node.Text(), account, region)] : [];
        var questions = new CheckPlanner(account, region).Plan(body, action, asked);
        if (questions.IsEmpty)
        {
            throw body.Required("action").Fault("needs a valid signature and no permission: everybody can.");
        }

        var context = GivenContext.Read(body.Find("context"), request.Call.ReceivedAt);
        request.Note("Actions", action.Name);
        request.Note("Resources", string.Join(',', questions.Select(question => question.Asked)));
        await access.RequireAsync(request.Call, [SimulatorAccess.Anything]);
        var found = await lookup.ResolveAsync(request.Call, questions, [], isBlind: false);
        ImmutableArray<ResolvedQuestion> resolved = [.. found.OfType<ResolvedQuestion>()];
        var callers = await directory.AllAsync(account, cancellationToken);
        var services = resolved.SelectMany(question => RolePolicies.ServicesOf(question.Check.Resource.Policy))
            .Distinct(StringComparer.Ordinal).Select(PrincipalDirectory.Service);
        var answer = new WhoCanAnswer(action, resolved, context);
        answer.Judge([.. callers, .. services]);
        answer.FindAssumers(callers, roles.All(account));
        request.Note("Decision", string.Create(CultureInfo.InvariantCulture, $"{answer.Count} principals"));
        return SimulatorAnswer.Json(request.Call.RequestId, answer.Write);
    }
}
