using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// What policies can do, answered over all calls and not by trying some: patterns are cut into classes that no policy tells
/// apart, conditions into circumstances, and <see cref="Evaluation.PolicyEvaluator"/> decides one call of each.
/// Source: simulator.md 6.
/// </summary>
public static class PolicyAnalysis
{
    /// <summary>
    /// Whether the subject may make some call of an action that <paramref name="action"/> covers on a resource that
    /// <paramref name="resource"/> covers.
    /// </summary>
    /// <param name="subject">Whose access is asked about.</param>
    /// <param name="action"><c>kms:Decrypt</c>, <c>kms:*</c>, <c>*</c>.</param>
    /// <param name="resource">An ARN pattern, or <c>*</c>, which includes calls without a resource.</param>
    /// <param name="options">The default when null.</param>
    /// <returns>Yes with a call that the evaluator allows; No when there is none; Unknown when neither was found within the bounds.</returns>
    public static CanAnswer Can(PolicySubject subject, ActionPattern action, ResourcePattern resource, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(resource);
        var walk = new CallWalk([subject], options ?? AnalysisOptions.Default, action, resource);
        var optimistic = OptimisticSubject.Of(subject);
        var reason = UnknownReason.None;
        foreach (var cell in walk.Cells())
        {
            if (!walk.Decide(optimistic, cell.CallAt(ContextPoint.Nothing)).IsAllowed)
            {
                continue;
            }

            foreach (var point in cell.Contexts.Points)
            {
                var call = cell.CallAt(point);
                if (walk.Decide(subject, call).IsAllowed)
                {
                    return new CanAnswer(Possibility.Yes, call, UnknownReason.None);
                }
            }

            reason = reason == UnknownReason.None ? cell.Contexts.Reason : reason;
        }

        reason = reason == UnknownReason.None && !walk.IsComplete ? UnknownReason.OutOfSteps : reason;
        return new CanAnswer(reason == UnknownReason.None ? Possibility.No : Possibility.Unknown, null, reason);
    }
}
