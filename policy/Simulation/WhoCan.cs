using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Simulation;

/// <summary>Whether a caller can.</summary>
public enum Ability
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Now, as asked.</summary>
    Always,

    /// <summary>If the conditions left over are met.</summary>
    Conditional,

    /// <summary>A Deny applies, where a statement would allow.</summary>
    Blocked,
}

/// <summary>The answer about one caller.</summary>
/// <param name="Result">What a simulation says.</param>
/// <param name="Ability">What follows from it.</param>
/// <param name="LeftOver">For Conditional: the allowing statements, with the conditions that the question left open.</param>
public sealed record WhoCanEntry(SimulationResult Result, Ability Ability, ImmutableArray<StatementExplanation> LeftOver);

/// <summary>Who can do something on a resource. Source: simulator.md 6.</summary>
public static class WhoCan
{
    /// <summary>One entry per caller who can, may, or is blocked, in the order given.</summary>
    public static ImmutableArray<WhoCanEntry> Find(IEnumerable<SimulatedPrincipal> callers, SimulatedCall call, SimulatedResource resource) =>
        [.. callers.Select(caller => Judge(caller, call, resource)).Where(entry => entry.Ability != Ability.None)];

    /// <summary>The answer about one caller, who may not be able at all.</summary>
    public static WhoCanEntry Judge(SimulatedPrincipal caller, SimulatedCall call, SimulatedResource resource) =>
        Of(PolicySimulator.Judge(caller, call, resource));

    private static WhoCanEntry Of(SimulationResult result)
    {
        var all = result.ExplainAll();
        return result.Decision.Verdict switch
        {
            Verdict.Allow => OfAllowed(result, all),
            Verdict.ExplicitDeny => OfDenied(result, all),
            _ => OfUndecided(result, all),
        };
    }

    /// <summary>A Deny that misses by nothing but keys the question did not give may still apply; nothing denies a root its own.</summary>
    private static WhoCanEntry OfAllowed(SimulationResult result, ImmutableArray<StatementExplanation> all)
    {
        var open = result.Decision.Layer == PolicyLayer.Root ? [] : Open(all, StatementEffect.Deny);
        return new WhoCanEntry(result, open.IsEmpty ? Ability.Always : Ability.Conditional, open);
    }

    /// <summary>"Almost can" is what an auditor asks next: a Deny over nothing is not listed.</summary>
    private static WhoCanEntry OfDenied(SimulationResult result, ImmutableArray<StatementExplanation> all)
    {
        var isAllowedOtherwise = all.Any(statement =>
            statement.Statement.Effect == StatementEffect.Allow
            && statement.Reference.Layer is PolicyLayer.Identity or PolicyLayer.Resource
            && statement.MissedBy == 0);
        return new WhoCanEntry(result, isAllowedOtherwise ? Ability.Blocked : Ability.None, []);
    }

    /// <summary>An Allow that misses by nothing but keys the question did not give may still apply, in the layer that lacks one.</summary>
    private static WhoCanEntry OfUndecided(SimulationResult result, ImmutableArray<StatementExplanation> all)
    {
        var lacking = result.Decision.Layer;
        var open = Open(all, StatementEffect.Allow)
            .RemoveAll(statement => statement.Reference.Layer != lacking && (lacking, statement.Reference.Layer) != (PolicyLayer.Identity, PolicyLayer.Resource));
        return new WhoCanEntry(result, open.IsEmpty ? Ability.None : Ability.Conditional, open);
    }

    private static ImmutableArray<StatementExplanation> Open(ImmutableArray<StatementExplanation> all, StatementEffect effect) =>
    [
        .. all.Where(statement => statement.Statement.Effect == effect && statement.MissedBy > 0
            && statement.MissedBy == statement.Conditions.Count(condition => condition.Outcome == ConditionOutcome.KeyMissing)),
    ];
}
