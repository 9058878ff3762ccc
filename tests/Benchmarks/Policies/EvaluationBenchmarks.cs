using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Benchmarks.Policies;

/// <summary>One decision of the compiled policies beside a scan of all statements; run by <c>tests/bench-policy.sh</c>.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
public class EvaluationBenchmarks
{
    private ImmutableArray<PolicyDocument> documents;
    private PolicySet policies = PolicySet.Empty;
    private AuthorizationRequest request = null!;

    /// <summary>Statements the caller has in all.</summary>
    [Params(1, 10, 100, 1_000, 10_000)]
    public int Statements { get; set; }

    /// <summary>What is asked.</summary>
    [ParamsAllValues]
    public Question Question { get; set; }

    /// <summary>Compiles, and makes sure that both answer what the question's name says.</summary>
    [GlobalSetup]
    public void Compile()
    {
        documents = PolicyFamily.Documents(Statements);
        policies = PolicyFamily.Compile(Statements);
        request = PolicyFamily.Request(Question, Statements);
        if (Indexed() != PolicyFamily.Answer(Question, Statements))
        {
            throw new InvalidOperationException($"{Question} of {Statements} statements is answered {Indexed()}.");
        }

        if (Naive() != Indexed())
        {
            throw new InvalidOperationException($"{Question} of {Statements} statements: the two disagree.");
        }
    }

    /// <summary>What guards every request.</summary>
    [Benchmark]
    public Verdict Indexed() => PolicyEvaluator.Evaluate(policies, request).Verdict;

    /// <summary>The same policies, statement by statement.</summary>
    [Benchmark(Baseline = true)]
    public Verdict Naive() => NaiveScan.Decide(documents, request);
}
