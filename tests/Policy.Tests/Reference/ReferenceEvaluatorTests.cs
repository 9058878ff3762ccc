using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using KmsGateway.Policy.Tests.Generation;
using Xunit.Abstractions;

namespace KmsGateway.Policy.Tests.Reference;

public sealed partial class ReferenceEvaluatorTests(ITestOutputHelper output)
{
    private const int Pairs = 100_000;
    private const int FullPairs = 1_000_000;
    private const int MaxSetsPerFault = 4_000;

    public static TheoryData<SeededFault> Faults => [.. Enum.GetValues<SeededFault>().Where(fault => fault != SeededFault.None && !SeededFaultTable.IsOfCalls(fault))];

    /// <summary>KMSGATEWAY_FULL=1 compares a million pairs; KMSGATEWAY_SEED repeats a run.</summary>
    [Fact]
    public void Engine_OnRandomPoliciesAndCalls_AgreesWithTheReference()
    {
        var pairs = RandomRun.Count(Pairs, FullPairs);
        var first = RandomRun.FirstSeed();
        output.WriteLine($"first seed {first}, {pairs} pairs");
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var disagreements = new ConcurrentBag<string>();
        Parallel.For(0, pairs / ReferenceComparison.CallsPerSet, (i, loop) =>
        {
            if (ReferenceComparison.Disagreement(first + i, SeededFault.None, Count) is { } text)
            {
                disagreements.Add(text);
                loop.Stop();
            }
        });
        output.WriteLine(string.Join('\n', seen.OrderBy(entry => entry.Key, StringComparer.Ordinal)));
        Assert.Empty(disagreements);
        Assert.Equal(pairs, seen.Where(entry => !entry.Key.Contains(' ', StringComparison.Ordinal)).Sum(entry => entry.Value));

        // No answer may be so rare that the comparison says nothing about it.
        Assert.All(["Allow", "ExplicitDeny", "ImplicitDeny"], verdict => Assert.True(seen[verdict] > pairs / 10, verdict));
        Assert.All(
            ["Allow Root", "Allow Identity", "Allow Resource", "ExplicitDeny Control", "ExplicitDeny Session", "ExplicitDeny Identity", "ExplicitDeny Resource", "ImplicitDeny Control", "ImplicitDeny Session", "ImplicitDeny Identity", "ImplicitDeny Resource"],
            answer => Assert.True(seen[answer] > pairs / 500, answer));

        void Count(ReferenceDecision decision)
        {
            seen.AddOrUpdate(decision.Verdict, 1, (_, count) => count + 1);
            seen.AddOrUpdate($"{decision.Verdict} {decision.Layer}", 1, (_, count) => count + 1);
        }
    }

    /// <summary>What the comparison is worth: a reference that misreads one rule must be told apart from the engine.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void Comparison_WithOneRuleMisread_NoticesIt(SeededFault fault)
    {
        var sets = 0;
        while (sets < MaxSetsPerFault && ReferenceComparison.Disagreement(1_000_000 + sets, fault) is null)
        {
            sets++;
        }

        output.WriteLine($"noticed after {sets + 1} policy sets");
        Assert.NotEqual(MaxSetsPerFault, sets);
    }

    [Fact]
    public void SeededFaults_OfTheTable_AreAllOfThemWithOnePerFamily()
    {
        Assert.Equal(Enum.GetValues<SeededFault>().Where(fault => fault != SeededFault.None).Order(), SeededFaultTable.Rows.Select(row => row.Fault).Order());
        Assert.All(SeededFaultTable.Families, family => Assert.Contains(SeededFaultTable.Rows, row => row.Rule.StartsWith($"{family}-", StringComparison.Ordinal)));
        Assert.All(SeededFaultTable.Rows, row => Assert.Contains(SeededFaultTable.Families, family => row.Rule.StartsWith($"{family}-", StringComparison.Ordinal)));
    }

    /// <summary>The reference is worth something only while it shares nothing with the product.</summary>
    [Fact]
    public void Reference_OfItsSource_UsesNothingOfTheProduct()
    {
        var files = Directory.GetFiles(Path.Combine(TestData.Repository, "tests", "Policy.Tests", "Reference"), "*.cs")
            .Where(file => !file.EndsWith("Tests.cs", StringComparison.Ordinal) && !file.EndsWith("ReferenceComparison.cs", StringComparison.Ordinal))
            .Append(Path.Combine(TestData.Repository, "tests", "Policy.Tests", "Generation", "GeneratedCase.cs"))
            .ToArray();
        Assert.True(files.Length >= 11);
        foreach (var file in files)
        {
            var source = File.ReadAllText(file);
            Assert.All(Using().Matches(source), match => Assert.True(match.Groups["name"].Value.StartsWith("System", StringComparison.Ordinal) || match.Groups["name"].Value == "KmsGateway.Policy.Tests.Generation", $"{file}: {match.Value}"));
            Assert.False(ProductName().IsMatch(source), $"{file}: {ProductName().Match(source).Value}");
        }
    }

    [GeneratedRegex(@"^using (static )?(?<name>[A-Za-z.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Using();

    [GeneratedRegex(@"\b(PolicyParser|PolicyDocument|PolicySet|PolicyEvaluator|PolicyWriter|Wildcard|ActionPattern|ResourcePattern|ConditionOperators|NumberText|DateText|AddressText|AddressRange|BooleanText|KmsVocabulary|KmsCall\w*|KmsWorld|EngineAnswers|EngineCase|MatrixEngine|ToPolicySet|ToRequest|(Documents|Matching|Conditions|Evaluation)\.[A-Z]\w*)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ProductName();
}
