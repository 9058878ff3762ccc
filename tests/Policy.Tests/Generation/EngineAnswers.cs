using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>The engine's answers in the words of the reference.</summary>
internal static class EngineAnswers
{
    internal static Func<GeneratedCase, ReferenceDecision> For(GeneratedPolicies policies)
    {
        var compiled = policies.ToPolicySet();
        return call =>
        {
            var decision = PolicyEvaluator.Evaluate(compiled, call.ToRequest());
            return new ReferenceDecision(decision.Verdict.ToString(), decision.Layer.ToString(), decision.Level, decision.Policy, decision.Statement, decision.Check);
        };
    }
}
