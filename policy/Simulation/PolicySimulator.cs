using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Simulation;

/// <summary>How much of a decision is told. Source: simulator.md 3.</summary>
public enum ExplainDetail
{
    /// <summary>The decision alone.</summary>
    None = 0,

    /// <summary>What decided, or came nearest.</summary>
    Deciding,

    /// <summary>Every statement.</summary>
    All,
}

/// <summary>The answer for one resource of one call.</summary>
/// <param name="Caller">Whom it is about.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Resource">On what.</param>
/// <param name="Request">What the evaluator was asked.</param>
/// <param name="Decision">What it answered.</param>
public sealed record SimulationResult(
    SimulatedPrincipal Caller, SimulatedCall Call, SimulatedResource Resource, AuthorizationRequest Request, Decision Decision)
{
    /// <summary>The check that decided; of a call without any, there is none.</summary>
    public PolicyCheck Check => Request.Checks[Decision.Check];

    /// <summary>Why it came out so; made on demand.</summary>
    public Explanation Explain() => PolicyEvaluator.Explain(Caller.Compiled, Request, Decision);

    /// <summary>Every statement that applies to the caller, part by part.</summary>
    public ImmutableArray<StatementExplanation> ExplainAll() => PolicyEvaluator.ExplainAll(Caller.Compiled, Request, Decision.Check);

    /// <summary>One sentence for a person.</summary>
    public string Text => Explain().Describe(Caller.NameOf);
}

/// <summary>The answer to a simulation.</summary>
/// <param name="Verdict">Of everything asked: ExplicitDeny before ImplicitDeny before Allow.</param>
/// <param name="Results">One per call and resource, in order.</param>
public sealed record SimulationAnswer(Verdict Verdict, ImmutableArray<SimulationResult> Results);

/// <summary>Asks the evaluator of the live path; there is no second implementation. Source: simulator.md 3.</summary>
public static class PolicySimulator
{
    /// <summary>Judges every resource of every call by itself, and all of them together.</summary>
    /// <exception cref="ArgumentException">Nothing was asked.</exception>
    public static SimulationAnswer Simulate(SimulatedPrincipal caller, ImmutableArray<SimulatedCall> calls)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (calls.IsDefaultOrEmpty || calls.Any(call => call.Resources.IsDefaultOrEmpty))
        {
            throw new ArgumentException("A simulation asks at least one call, and a call has at least one resource.", nameof(calls));
        }

        ImmutableArray<SimulationResult> results = [.. calls.SelectMany(call => call.Resources.Select(resource => Judge(caller, call, resource)))];
        return new SimulationAnswer(Worst(results.Select(result => result.Decision.Verdict)), results);
    }

    /// <summary>Judges one resource of a call.</summary>
    public static SimulationResult Judge(SimulatedPrincipal caller, SimulatedCall call, SimulatedResource resource)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(resource);
        var request = new AuthorizationRequest(caller.Principal, [call.CheckOn(resource)]);
        return new SimulationResult(caller, call, resource, request, PolicyEvaluator.Evaluate(caller.Compiled, request));
    }

    /// <summary>Judges all checks of a call at once, as the live path does; the worst is reported, among equals the first (R-EVAL-13).</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="checks">At least one.</param>
    /// <param name="context">Condition keys of the request.</param>
    public static SimulationResult Judge(SimulatedPrincipal caller, ImmutableArray<SimulatedCheck> checks, ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var calls = checks.Select(check => new SimulatedCall(check.Action, [check.Resource], context)).ToArray();
        var request = new AuthorizationRequest(caller.Principal, [.. calls.Select(call => call.CheckOn(call.Resources[0]))]);
        var decision = PolicyEvaluator.Evaluate(caller.Compiled, request);
        return new SimulationResult(caller, calls[decision.Check], checks[decision.Check].Resource, request, decision);
    }

    /// <summary>The strictest: ExplicitDeny before ImplicitDeny before Allow.</summary>
    public static Verdict Worst(IEnumerable<Verdict> verdicts) => verdicts.Aggregate(Verdict.Allow, static (worst, verdict) => (worst, verdict) switch
    {
        (Verdict.ExplicitDeny, _) or (_, Verdict.ExplicitDeny) => Verdict.ExplicitDeny,
        (Verdict.Allow, Verdict.Allow) => Verdict.Allow,
        _ => Verdict.ImplicitDeny,
    });
}
