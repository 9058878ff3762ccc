using System.Collections.Concurrent;
using System.Diagnostics;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;
using Xunit.Abstractions;

namespace KmsGateway.Policy.Tests.Matrix;

public sealed class AuthorizationMatrixTests(ITestOutputHelper output)
{
    private const int LeastCells = 50_000;

    /// <summary>The seeded faults look at one cell in so many, each action at others.</summary>
    private const int Stride = 37;

    private const int MutationStride = 5 * Stride;

    private static readonly IReadOnlyList<ReferenceAction> Actions = new ReferenceActions().All();

    public static TheoryData<SeededFault> CallFaults => [.. Enum.GetValues<SeededFault>().Where(SeededFaultTable.IsOfCalls)];

    [Fact]
    public void Matrix_OfEveryCell_IsWhatTheReferenceSays()
    {
        var clock = Stopwatch.StartNew();
        var (summary, disagreements) = Run();
        output.WriteLine($"{summary.Total} cells in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Empty(disagreements);
        if (RandomRun.IsMutation)
        {
            return;
        }

        Assert.True(summary.Total >= LeastCells);
        Assert.All(Actions, action => AssertCovered(summary, action));
        var faults = SeededFaultTable.Rows.AsParallel().AsOrdered().Select(row => (row.Fault, row.Rule, IsSeen(row.Fault))).ToArray();
        var path = Path.Combine(TestData.Repository, "docs", "matrix.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, summary.Render(faults));
        }

        Assert.Equal(File.ReadAllText(path), summary.Render(faults));
    }

    [Fact]
    public void Actions_OfTheMatrix_AreThoseOfTheVocabularyAndTheCatalogue()
    {
        Assert.Equal(
            KmsVocabulary.All.Select(action => action.Name).Order(StringComparer.Ordinal),
            Actions.Where(action => action.Product == "KMS").Select(action => action.Name).Order(StringComparer.Ordinal));

        // docs/actions.md is written by the catalogue: sections by product, one row per action.
        var product = "";
        var catalogue = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(TestData.Repository, "docs", "actions.md")))
        {
            product = line.StartsWith("## ", StringComparison.Ordinal) ? line.Split(' ')[1] : product;
            if (product is "KMS" or "RAM" or "STS" && line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| action", StringComparison.Ordinal))
            {
                catalogue.Add($"{product} {line.Split(' ')[1]}");
            }
        }

        // Actions that no published table has cannot be checked against one; each is a line in deviations.md.
        var unpublished = File.ReadLines(Path.Combine(TestData.Repository, "tests", "deviations.md"))
            .Select(line => line.Split(" | "))
            .Where(fields => fields is [_, "-", "presence", "-", "in the catalogue", ..])
            .Select(fields => fields[0][2..]);
        Assert.True(catalogue.Count > 140);
        Assert.Equal(
            unpublished.Order(StringComparer.Ordinal),
            catalogue.Except(Actions.Select(MatrixSummary.Action), StringComparer.Ordinal).Select(action => action.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CallFaults))]
    public void Matrix_WithOneRuleOfCallsMisread_NoticesIt(SeededFault fault) => Assert.True(IsSeen(fault));

    private static (MatrixSummary Summary, IReadOnlyCollection<string> Disagreements) Run()
    {
        var (engine, reference) = (new MatrixEngine(), new ReferenceEvaluator());
        var answers = new ConcurrentDictionary<string, (MatrixCell Cell, string Verdict)[]>(StringComparer.Ordinal);
        var disagreements = new ConcurrentBag<string>();
        Parallel.ForEach(Actions, (action, _, offset) => answers[MatrixSummary.Action(action)] = [.. (RandomRun.IsMutation ? Sample(action, (int)offset, MutationStride) : AuthorizationMatrix.Cells(action)).Select(cell =>
        {
            if (AuthorizationMatrix.Disagreement(cell, engine, reference, out var expected) is { } text)
            {
                disagreements.Add(text);
            }

            return (cell, expected.Verdict);
        })]);
        var summary = new MatrixSummary();
        foreach (var (cell, verdict) in Actions.SelectMany(action => answers[MatrixSummary.Action(action)]))
        {
            summary.Add(cell, verdict);
        }

        return (summary, disagreements);
    }

    private static IEnumerable<MatrixCell> Sample(ReferenceAction action, int offset, int stride) =>
        AuthorizationMatrix.Cells(action).Where((_, index) => (index + offset) % stride == 0);

    /// <summary>Whether a reference that misreads one rule differs from the engine in a cell.</summary>
    private static bool IsSeen(SeededFault fault)
    {
        var (engine, reference) = (new MatrixEngine(), new ReferenceEvaluator(fault));
        var isOfCalls = SeededFaultTable.IsOfCalls(fault);
        var read = isOfCalls ? new ReferenceActions(fault).All() : Actions;
        return read.Where((action, index) => !isOfCalls || !action.Needs.SequenceEqual(Actions[index].Needs))
            .SelectMany((action, offset) => isOfCalls ? AuthorizationMatrix.Cells(action) : Sample(action, offset, Stride))
            .Any(cell => AuthorizationMatrix.Disagreement(cell, engine, reference, out _) is not null);
    }

    /// <summary>Per action: root, allowed, explicitly denied, not mentioned, other account and region, tag match and mismatch where tags apply.</summary>
    private static void AssertCovered(MatrixSummary summary, ReferenceAction action)
    {
        var name = MatrixSummary.Action(action);
        if (action.Needs.Count == 0)
        {
            Assert.Equal(0, summary.Of("action", name, "ExplicitDeny") + summary.Of("action", name, "ImplicitDeny"));
            return;
        }

        Assert.All(["root", "user", "role", "other account"], caller => Assert.True(summary.Of(name, caller, "Allow") > 0, $"{name}: {caller} is never allowed"));
        Assert.All(["user", "role", "other account"], caller => Assert.True(summary.Of(name, caller, "ExplicitDeny") > 0, $"{name}: {caller} is never denied"));
        Assert.True(summary.Of(name, "Allow", "Allow") > 0 && summary.Of(name, "Deny", "ExplicitDeny") > 0 && summary.Of(name, "none", "ImplicitDeny") > 0, name);
        if (action.Needs.Any(need => need.CarriesTags))
        {
            Assert.True(summary.Of(name, "match", "Allow") > summary.Of(name, "mismatch", "Allow"), name);
            Assert.True(summary.Of(name, "mismatch", "ExplicitDeny") > summary.Of(name, "match", "ExplicitDeny"), name);
        }
    }
}
