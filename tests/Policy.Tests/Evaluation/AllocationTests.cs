using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Tests.GoldenCases;

namespace KmsGateway.Policy.Tests.Evaluation;

public sealed class AllocationTests
{
    /// <summary>Every golden case, all operators and layers among them, decided without a byte of garbage.</summary>
    [Fact]
    public void Evaluate_OfEveryGoldenCase_AllocatesNothing()
    {
        var cases = CaseFiles.Shipped("decision").Select(id => (Id: id, Case: DecisionCase.Of(CaseFiles.Get(id)))).ToArray();
        Measure(cases);
        Assert.Empty(Measure(cases));
    }

    private static List<string> Measure((string Id, DecisionCase Case)[] cases)
    {
        var wasteful = new List<string>(cases.Length);
        foreach (var (id, one) in cases)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            PolicyEvaluator.Evaluate(one.Policies, one.Request);
            if (GC.GetAllocatedBytesForCurrentThread() != before)
            {
                wasteful.Add(id);
            }
        }

        return wasteful;
    }
}
