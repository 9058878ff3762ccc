using System.Collections.Immutable;

namespace KmsGateway.Policy.Analysis;

/// <summary>What a path leads to.</summary>
public enum EscalationGain
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A call that was refused is allowed.</summary>
    Access,

    /// <summary>What others encrypt through an alias goes to a key that the principal can decrypt with.</summary>
    RedirectedAlias,
}

/// <summary>A statement that allowed a step.</summary>
/// <param name="Policy">Policy name; <c>key policy</c> or <c>trust policy</c> for that of the resource, <c>control policy</c> for one of those.</param>
/// <param name="AttachedTo"><c>user/alice</c>, <c>group/devs</c>; the resource for its own policy.</param>
/// <param name="Statement">Index of the statement.</param>
/// <param name="Sid">Its name, if it has one.</param>
public sealed record DecidingStatement(string Policy, string AttachedTo, int Statement, string? Sid);

/// <summary>A call of a step, which the evaluator allows in the account as the steps before have left it.</summary>
/// <param name="Call">The call.</param>
/// <param name="DecidedBy">The statements that allow it.</param>
public sealed record EscalationCall(WitnessCall Call, ImmutableArray<DecidingStatement> DecidedBy);

/// <summary>A step on the way.</summary>
/// <param name="Rule">The operation that makes the difference: <c>AttachPolicyToUser</c>, <c>AssumeRole</c>.</param>
/// <param name="Actor">Who takes it: <c>user/alice</c>, <c>role/ops</c>.</param>
/// <param name="Effect">What it does, in words.</param>
/// <param name="Calls">The calls that it needs.</param>
public sealed record EscalationStep(string Rule, string Actor, string Effect, ImmutableArray<EscalationCall> Calls);

/// <summary>A way in which a principal reaches more than it has.</summary>
/// <param name="Principal">Who starts: <c>user/alice</c>.</param>
/// <param name="Steps">What it does, in order; never empty.</param>
/// <param name="Reached">As whom it ends: itself, or a user or role whose place it took.</param>
/// <param name="Gain">What it leads to.</param>
/// <param name="Gained">
/// For Access a call that the evaluator refuses the principal before the first step (a key of the account having the tags that it
/// had) and allows <paramref name="Reached"/> after the last; for RedirectedAlias the decryption under the new key.
/// </param>
public sealed record EscalationPath(string Principal, ImmutableArray<EscalationStep> Steps, string Reached, EscalationGain Gain, WitnessCall Gained);

/// <summary>The answer of <see cref="EscalationPaths"/>.</summary>
/// <param name="Paths">By principal, the shorter first.</param>
/// <param name="IsComplete">
/// Whether everything that the rules describe was looked at; false where a bound was met, so that no path is no proof.
/// </param>
public sealed record EscalationReport(ImmutableArray<EscalationPath> Paths, bool IsComplete);
