using System.Text.Json.Nodes;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary>The matrices of samples-policies: they hold, and each notices when its policy says something else.</summary>
public sealed class SampleMatrixTests : IDisposable
{
    private const string Ending = ".matrix.json";
    private const int LeastCells = 6;

    private static readonly string Folder = Path.Combine(TestData.Repository, "samples-policies");

    /// <summary>Changes that no matrix can notice, with the reason.</summary>
    private static readonly Dictionary<(string Sample, string Change), string> Unnoticed = new()
    {
        [("trust-policies/machines-and-their-operator", "0: effect turned")] = "the callers of a matrix are accounts, users and roles, not products; see SampleTrustTests",
    };

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("sample-matrix-");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, $"*{Ending}", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path)[..^Ending.Length].Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Matrix_OfSample_HoldsInEveryCell(string name)
    {
        var outcomes = Judge(Path.Combine(Folder, name + Ending));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsPassed, outcome.ToString()));
        Assert.True(outcomes.Count >= LeastCells, "says too little");
        Assert.Contains(outcomes, outcome => outcome.Result.Decision.Verdict == Verdict.Allow);
        Assert.Contains(outcomes, outcome => outcome.Result.Decision.Verdict != Verdict.Allow);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Matrix_OfSample_NoticesEveryChange(string name)
    {
        var file = Path.GetFileName(name);
        var matrix = Path.Combine(directory.FullName, file + Ending);
        File.Copy(Path.Combine(Folder, name + Ending), matrix);
        var text = File.ReadAllText(Path.Combine(Folder, $"{name}.json"));
        foreach (var (label, changed) in SampleChanges.Of(JsonNode.Parse(text)!))
        {
            File.WriteAllText(Path.Combine(directory.FullName, $"{file}.json"), changed.ToJsonString());
            var isNoticed = Judge(matrix).Exists(outcome => outcome.IsFailed);
            Assert.True(isNoticed != Unnoticed.ContainsKey((name, label)), $"{label}: {(isNoticed ? "is noticed after all" : "no cell fails")}");
        }
    }

    [Fact]
    public void Readme_MistakeToTry_FailsAsItSays()
    {
        var readme = File.ReadAllLines(Path.Combine(Folder, "README.md"));
        var row = Assert.Single(readme, line => line.StartsWith("{\"action\":", StringComparison.Ordinal));
        var matrix = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, $"use-one-key{Ending}")))!;
        var expect = matrix["expect"]!.AsArray();
        expect.Insert(expect.Count - 1, JsonNode.Parse(row));
        var path = Path.Combine(directory.FullName, $"use-one-key{Ending}");
        File.WriteAllText(path, matrix.ToJsonString());
        File.Copy(Path.Combine(Folder, "use-one-key.json"), Path.Combine(directory.FullName, "use-one-key.json"));

        var outcomes = Judge(path);
        var failed = Assert.Single(outcomes, outcome => outcome.IsFailed);
        var said = Assert.Single(readme, line => line.StartsWith("FAIL use-one-key", StringComparison.Ordinal));
        Assert.EndsWith($"expected Allow, is {failed.Result.Decision.Verdict}. {failed.Result.Text}", said, StringComparison.Ordinal);
        Assert.Contains($"{outcomes.Count - 1} passed, 1 failed", readme);
    }

    private static List<MatrixOutcome> Judge(string path) => [.. PolicyMatrix.Judge(MatrixFile.Read(path))];
}
