using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary><c>POST /policy/simulate</c>: is this call, or are these calls, allowed, and why. Source: simulator.md 3.</summary>
internal sealed class SimulateHandler(SimulatorAccess access, PrincipalDirectory directory, ResourceLookup lookup, GatewayOptions options) : ISimulatorHandler
{
    public async Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        var question = SimulationRequest.Read(request, options);
        Note(request, question);
        var isPrivileged = await AuthorizeAsync(request, question);
        var principal = question.Principal is null
            ? question.Drafts.Alone(request.Caller.AccountId)
            : question.Drafts.Apply(await directory.FindAsync(question.Principal, request.Caller, cancellationToken));
        var isBlind = !isPrivileged && question.IsHypothetical;
        var resolved = await lookup.ResolveAsync(request.Call, [.. question.Calls.SelectMany(call => call.Questions)], question.Overrides, isBlind);
        var results = Judge(question, principal, resolved);
        var verdict = PolicySimulator.Worst(results.Select(result => result.Verdict));
        request.Note("Decision", verdict.ToString());
        var writer = new SimulationAnswerWriter(question, mayReadKeys: isPrivileged || isBlind);
        return SimulatorAnswer.Json(request.Call.RequestId, json => writer.Write(json, verdict, results));
    }

    /// <summary>
    /// Whether the caller has the permission. Asking about oneself needs none, and then tells what the caller could find out by
    /// calling: what stored tags and key policies say stays untold where the caller is denied (decisions.md D6). A session that
    /// could put another policy in place of its own would learn what its role may do without it.
    /// </summary>
    private async Task<bool> AuthorizeAsync(SimulatorRequest request, SimulationRequest question)
    {
        string[] resources = [question.Principal?.ResourceFor(request.Caller) ?? SimulatorAccess.Anything];
        var isAllowed = await access.IsAllowedAsync(request.Call, resources);
        if (!isAllowed && (question.Principal?.Is(request.Caller) != true || question.Drafts.Session is not null))
        {
            throw access.Deny(request.Call);
        }

        if (!isAllowed)
        {
            // Why: the trail would otherwise show a denial for a request that is answered.
            request.Call.Judgement = null;
        }

        return isAllowed;
    }

    private static ImmutableArray<SimulatedOutcome> Judge(SimulationRequest question, SimulatedPrincipal principal, ImmutableArray<ResolvedQuestion?> resolved)
    {
        var outcomes = ImmutableArray.CreateBuilder<SimulatedOutcome>();
        var next = 0;
        foreach (var call in question.Calls)
        {
            if (call.Questions.IsEmpty)
            {
                outcomes.Add(new SimulatedOutcome(call, null, null));
            }

            for (var i = 0; i < call.Questions.Length; i++)
            {
                if (resolved[next++] is { } asked)
                {
                    var seen = asked.For(principal, call.Context.Context);
                    outcomes.Add(new SimulatedOutcome(
                        call, PolicySimulator.Judge(principal, [seen.Check], call.Context.Context), seen.Pending, IsShared: seen.Check != asked.Check));
                }
            }
        }

        return outcomes.ToImmutable();
    }

    private static void Note(SimulatorRequest request, SimulationRequest question)
    {
        request.Note("Principal", question.Principal?.Text ?? string.Empty);
        request.Note("Policies", string.Join(',', question.Drafts.Added.Select(policy => policy.Name).Concat(question.Drafts.Replaced.Select(each => each.Policy))));
        request.Note("Actions", string.Join(',', question.Calls.Select(call => call.Action.Name).Distinct(StringComparer.Ordinal)));
        request.Note("Resources", string.Join(',', question.Calls.SelectMany(call => call.Questions).Select(each => each.Asked).Distinct(StringComparer.Ordinal)));
    }
}

/// <summary>The answer to one question of one call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">Null where a valid signature is enough.</param>
/// <param name="Pending">What an allowed caller would be told, since the resource does not exist.</param>
/// <param name="IsShared">On the key of another account, whose tags are not told.</param>
internal sealed record SimulatedOutcome(PlannedCall Call, SimulationResult? Result, string? Pending, bool IsShared = false)
{
    public Verdict Verdict => Result?.Decision.Verdict ?? Verdict.Allow;
}
