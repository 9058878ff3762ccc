using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>The engine's answers in the words of the reference.</summary>
internal static class EngineAnswers
{
    internal static Func<GeneratedCase, ReferenceDecision> For(GeneratedPolicies policies)
    {
        var compiled = policies.ToPolicySet();
        return call => PolicyEvaluator.Evaluate(compiled, call.ToRequest()).ToReference();
    }

    internal static ReferenceDecision ToReference(this Decision decision) =>
        new(decision.Verdict.ToString(), decision.Layer.ToString(), decision.Level, decision.Policy, decision.Statement, decision.Check);
}
