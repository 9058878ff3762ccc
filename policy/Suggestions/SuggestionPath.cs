using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>Goes from denial to denial, each time with the next edit, until the call is allowed or no edit helps.</summary>
internal sealed class SuggestionPath(PathChoice choice)
{
    /// <summary>A call of three checks under control, session, identity and key policy needs fewer.</summary>
    private const int MaxSteps = 24;

    internal Suggestion? Follow(WhatIf state)
    {
        var edits = new EditList(state);
        for (var step = 0; step < MaxSteps; step++)
        {
            var (policies, request) = (edits.State.ToPolicySet(), edits.State.ToRequest());
            var decision = PolicyEvaluator.Evaluate(policies, request);
            if (decision.IsAllowed)
            {
                return new Suggestion(edits.ToImmutable(), policies, request, decision);
            }

            var isHelped = decision.Verdict == Verdict.ExplicitDeny
                ? new DenyStep(edits, choice, decision).TryTake()
                : new AllowStep(edits, choice, decision).TryTake(policies, request);
            if (!isHelped)
            {
                return null;
            }
        }

        return null;
    }
}
