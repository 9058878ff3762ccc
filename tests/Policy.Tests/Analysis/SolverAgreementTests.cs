using System.Collections.Concurrent;
using KmsGateway.Policy.Analysis;
using Xunit.Abstractions;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>The analysis against an SMT solver that reads the same policies by another way.</summary>
public sealed class SolverAgreementTests(ITestOutputHelper output)
{
    private const int Questions = 100;
    private const int FullQuestions = 1_000;

    /// <summary>KMSGATEWAY_FULL=1 asks a thousand questions, half of them whether something can be done, half whether anything changed.</summary>
    [Fact]
    public void Analysis_GeneratedQuestions_AgreesWithTheSolver()
    {
        if (!Z3.IsInstalled)
        {
            Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), "z3 is not installed; tests/run.sh installs it.");
            output.WriteLine("not run: z3 is not installed");
            return;
        }

        var answers = new ConcurrentBag<(string Engine, string Solver)>();
        var wanted = AnalysisRuns.IsFull ? FullQuestions : Questions;
        var asked = AnalysisRuns.Seeds(int.MaxValue / 2, int.MaxValue / 2).Select(Ask).Where(question => question.Script is not null).Take(wanted);
        Parallel.ForEach(asked, new ParallelOptions { MaxDegreeOfParallelism = 2 }, question =>
        {
            var solver = Z3.Ask(question.Script!);
            var isOpen = solver == "unknown" || question.Engine == "unknown";
            Assert.True(isOpen || solver == question.Engine, $"seed {question.Seed}: the engine says {question.Engine}, z3 {solver} to\n{question.Script}");
            answers.Add((question.Engine, solver));
        });

        var counts = answers.GroupBy(answer => answer).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} x engine {group.Key.Engine}, z3 {group.Key.Solver}");
        output.WriteLine(string.Join("; ", counts));
        Assert.Equal(wanted, answers.Count);
        Assert.InRange(answers.Count(answer => answer.Solver == "unknown" || answer.Engine == "unknown"), 0, wanted / 30);
        Assert.InRange(answers.Count(answer => answer.Solver == "sat"), wanted / 5, wanted * 9 / 10);
    }

    private static (int Seed, string Engine, string? Script) Ask(int seed)
    {
        var made = new SmallPolicies(seed, keyCount: 3);
        var subject = made.Subject();
        if (seed % 2 == 0)
        {
            var (action, resource) = (made.Action(), made.Resource());
            var script = SmtQuestion.Can(subject, action, resource);
            return (seed, script is null ? "" : Word(PolicyAnalysis.Can(subject, CallSpace.ParseAction(action), ResourceSpace.Parse(resource)).Possibility), script);
        }

        var after = made.Edited(subject);
        var differ = SmtQuestion.Differ(subject, after);
        return (seed, differ is null ? "" : Word(PolicyComparison.Compare(subject, after)), differ);
    }

    private static string Word(Possibility possibility) => possibility switch
    {
        Possibility.Yes => "sat",
        Possibility.No => "unsat",
        _ => "unknown",
    };

    private static string Word(PolicyDifference difference)
    {
        var isChanged = difference.Regions.Any(region => region.Change != RegionChange.Unknown || region.Witness is not null);
        var word = difference.IsEmpty ? "unsat" : "unknown";
        return isChanged ? "sat" : word;
    }
}
