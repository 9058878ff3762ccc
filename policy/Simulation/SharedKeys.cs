using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Simulation;

/// <summary>How callers see the key of another account. Source: ram-policy.md R-EVAL-9.</summary>
public static class SharedKeys
{
    /// <summary>
    /// The check as the caller puts it when the key's policy names it: with the key's tags if the caller's policies are real ones, and with the verdict of that policy in place
    /// of its text, which belongs to the owner. Null for everybody else: the key is then judged by its ARN alone.
    /// </summary>
    /// <param name="caller">A principal of another account.</param>
    /// <param name="shared">On the key, with its tags and its policy.</param>
    /// <param name="context">Condition keys of the request.</param>
    public static SimulatedCheck? Seen(SimulatedPrincipal caller, SimulatedCheck shared, ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(shared);
        if (shared.Resource.Policy is not { } policy || !KeySharing.IsNamed(policy, caller.Principal, shared.Action))
        {
            return null;
        }

        var check = new SimulatedCall(shared.Action, [shared.Resource], context).CheckOn(shared.Resource);
        var told = KeySharing.Told(policy, caller.Principal, check);
        return shared with { Resource = shared.Resource with { Policy = told, Tags = caller.IsReal ? shared.Resource.Tags : [], IsShared = true } };
    }
}
