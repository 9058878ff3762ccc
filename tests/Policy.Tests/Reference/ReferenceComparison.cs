using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Reference;

/// <summary>Engine and reference side by side.</summary>
internal static class ReferenceComparison
{
    internal const int CallsPerSet = 10;

    /// <summary>The first call under the policies of <paramref name="seed"/> that the two decide differently.</summary>
    internal static string? Disagreement(int seed, SeededFault fault, Action<ReferenceDecision>? seen = null)
    {
        var reference = new ReferenceEvaluator(fault);
        var calls = new CaseGenerator(seed).Cases(CallsPerSet);
        var answer = EngineAnswers.For(calls[0].Policies);
        foreach (var call in calls)
        {
            var (engine, expected) = (answer(call), reference.Decide(call));
            seen?.Invoke(expected);
            if (engine != expected)
            {
                return $"seed {seed}\nengine {engine}\nreference {expected}\n{call.Describe()}";
            }
        }

        return null;
    }
}
