using System.Text.Json;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary>The verbs below <c>policy</c>, as a user runs them.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private const string Principals = """
        {"alice":{"arn":"acs:ram::1000000000000001:user/alice","policies":["Use"]},"bob":{"arn":"acs:ram::1000000000000001:user/bob"}}
        """;

    private const string Key = """{"arn":"acs:kms:cn-hangzhou:1000000000000001:key/k1"}""";
    private const string Use = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("policy-command-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task Cases_OfTheGoldenFolder_AllPass()
    {
        var (code, output, error) = await RunAsync("cases", TestData.Path("policy-cases"));
        Assert.Equal("", error);
        Assert.EndsWith("841 passed, 0 failed\n", output, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Matrix_OfTheSamples_Holds()
    {
        var (code, output, error) = await RunAsync("matrix", Path.Combine(TestData.Repository, "samples-policies"));
        Assert.Equal((0, "4152 passed, 0 failed\n", ""), (code, output, error));
    }

    [Fact]
    public async Task Cases_OneExpectationTurned_FailsIt()
    {
        var text = await File.ReadAllTextAsync(TestData.Path("policy-cases", "evaluation.json"));
        var at = text.IndexOf("\"decision\": \"ImplicitDeny\"", StringComparison.Ordinal);
        var file = Write("turned.json", text.Remove(at, 26).Insert(at, "\"decision\": \"Allow\""));
        var (code, output, _) = await RunAsync("cases", file);
        Assert.Equal(1, code);
        Assert.Contains("FAIL", output, StringComparison.Ordinal);
        Assert.EndsWith(" passed, 1 failed\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Allow", 0, "2 passed, 0 failed\n")]
    [InlineData("ExplicitDeny", 1, "1 passed, 1 failed\n")]
    public async Task Matrix_Expectations_DecideTheExitCode(string alices, int expected, string ending)
    {
        Write("use.json", Use);
        var file = Write("m.matrix.json", Matrix("\"use.json\"", $$"""[{"principal":"alice","decision":"{{alices}}"},{"decision":"ImplicitDeny"}]"""));
        var (code, output, _) = await RunAsync("matrix", file);
        Assert.EndsWith(ending, output, StringComparison.Ordinal);
        Assert.Equal(expected, code);
        Assert.Equal((code, output), await FolderAsync());

        async Task<(int, string)> FolderAsync()
        {
            var (folderCode, folderOutput, _) = await RunAsync("matrix", directory.FullName);
            return (folderCode, folderOutput);
        }
    }

    [Fact]
    public async Task Matrix_AsJson_HasEveryCell()
    {
        var (_, output, _) = await RunAsync("matrix", Write("m.matrix.json", Matrix(Use, "[]")), "--format", "json");
        using var answer = JsonDocument.Parse(output);
        Assert.Equal(["A", "I"], answer.RootElement.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("cell").GetString()));
    }

    [Theory]
    [InlineData("""[{"principal":"alcie","decision":"Allow"}]""", "#/expect/0: is about no cell.")]
    [InlineData("""[{"decision":"allow"}]""", "#/expect/0/decision: must be Allow, ExplicitDeny or ImplicitDeny.")]
    [InlineData("""[{"decison":"Allow"}]""", "#/expect/0/decison: unknown; the nearest known member is decision.")]
    public async Task Matrix_BadInput_NamesFileAndPointer(string expect, string fault)
    {
        var file = Write("m.matrix.json", Matrix(Use, expect));
        var (code, output, error) = await RunAsync("matrix", file);
        Assert.Equal((64, ""), (code, output));
        Assert.Equal($"{file}{fault}\n", error);
    }

    [Fact]
    public async Task Matrix_PolicyThatDoesNotParse_NamesTheFault()
    {
        var (code, _, error) = await RunAsync("matrix", Write("m.matrix.json", Matrix("""{"Version":"2","Statement":[]}""", "[]")));
        Assert.Equal(64, code);
        Assert.Contains("#/policies/Use: no Identity policy: InvalidVersion at /Version", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(101, 64)]
    public async Task Simulate_NumberOfCalls_IsLimited(int calls, int expected)
    {
        var list = string.Join(',', Enumerable.Repeat("""{"action":"kms:Encrypt","resources":["key"]}""", calls));
        var (code, _, _) = await RunAsync("simulate", Write("s.json", Simulation(list, "Allow")));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("Allow", 1)]
    [InlineData("ImplicitDeny", 0)]
    public async Task Simulate_Denied_TellsTheNearestStatement(string expect, int expected)
    {
        var (code, output, _) = await RunAsync("simulate", Write("s.json", Simulation("""{"action":"kms:Decrypt","resources":["key"]}""", expect)));
        Assert.Contains("Denied: no statement allows kms:Decrypt on key k1.", output, StringComparison.Ordinal);
        Assert.EndsWith("ImplicitDeny\n", output, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    [Fact]
    public async Task WhoCan_OfTwo_NamesTheOne()
    {
        var file = Write("w.json", $$"""{"policies":{"Use":{{Use}}},"principals":{{Principals}},"action":"kms:Encrypt","resource":{{Key}}}""");
        Assert.Equal((0, "Always alice\n", ""), await RunAsync("who-can", file));
    }

    [Fact]
    public async Task Verbs_FileThatIsMissing_IsBadInput()
    {
        var (code, _, error) = await RunAsync("simulate", Path.Combine(directory.FullName, "none.json"));
        Assert.Equal(64, code);
        Assert.Contains("none.json: cannot be read", error, StringComparison.Ordinal);
    }

    private static string Matrix(string use, string expect) => $$"""
        {"format":"kmsgateway-policy-matrix/1","policies":{"Use":{{use}}},"principals":{{Principals}},
         "actions":["kms:Encrypt"],"resources":{"key":{{Key}}},"expect":{{expect}}}
        """;

    private static string Simulation(string calls, string expect) => $$"""
        {"policies":{"Use":{{Use}}},"principal":{"arn":"acs:ram::1000000000000001:user/alice","policies":["Use"]},
         "resources":{"key":{{Key}}},"calls":[{{calls}}],"expect":"{{expect}}"}
        """;

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await GatewayHost.RunAsync(["policy", .. arguments], output, error, TimeProvider.System, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
