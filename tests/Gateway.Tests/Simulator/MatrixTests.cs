using System.Text.Json;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Policy.Simulation;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary><c>POST /policy/matrix</c> (simulator.md 5).</summary>
public sealed class MatrixTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Path = "/policy/matrix";
    private const string Described = """
        {"format":"kmsgateway-policy-matrix/1","policies":{"Use":{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"},{"Effect":"Deny","Action":"kms:DeleteAlias","Resource":"*"}]}},
         "principals":{"alice":{"arn":"acs:ram::1000000000000001:user/alice","policies":["Use"]},"bob":{"arn":"acs:ram::1000000000000001:user/bob"}},
         "actions":["kms:Encrypt","kms:DeleteAlias"],"resources":{"k1":{"arn":"acs:kms:cn-hangzhou:1000000000000001:key/k1"}},
         "expect":EXPECT}
        """;

    private readonly ApiGateway gateway = shared.Gateway;

    [Fact]
    public async Task Grid_OfWhatIsThere_NamesInListsAndMaps()
    {
        var (tagged, plain) = (await gateway.CreateKeyAsync(("Project", "Apollo")), await gateway.CreateKeyAsync());
        var alias = await gateway.CreateAliasAsync(tagged);
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":["kms:Encrypt","kms:UpdateAlias"],"Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");
        var bob = await gateway.CreateSimulatorUserAsync("""{"Effect":"Deny","Action":"kms:Encrypt","Resource":"*"},{"Effect":"Allow","Action":"kms:UpdateAlias","Resource":"*"}""");

        var answer = await gateway.AskAsync(gateway.Root, Path, new
        {
            principals = new Dictionary<string, string> { ["a"] = alice.Arn, ["b"] = bob.Arn },
            actions = new[] { "kms:Encrypt", "kms:UpdateAlias", "kms:ListKeys" },
            resources = new[] { plain, alias },
        });

        Assert.Equal(200, answer.Status);
        Assert.Equal("IAII!!EEAA!!", Letters(answer));
        Assert.Equal(("a", "kms:Encrypt", alias, "default"), Names(answer.Body.GetProperty("cells")[1]));
        Assert.Equal(12, answer.Body.GetProperty("unexpected").GetInt32());
    }

    [Fact]
    public async Task EveryCell_IsTheSimulationOfThatCell()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var (other, alias) = (await gateway.CreateKeyAsync(), await gateway.CreateAliasAsync(key));
        var alice = await gateway.CreateSimulatorUserAsync($$$$"""{"Effect":"Allow","Action":"kms:*","Resource":["acs:kms:*:*:key/{{{{key}}}}","acs:kms:*:*:alias/*"]},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}""");
        var role = await gateway.CreateRoleAsync("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");
        var contexts = new Dictionary<string, Dictionary<string, string>>
        {
            ["mfa"] = new() { ["acs:MFAPresent"] = "true", ["acs:CurrentTime"] = "2026-03-04T05:06:07Z" },
            ["plain"] = new() { ["acs:MFAPresent"] = "false", ["acs:CurrentTime"] = "2026-03-04T05:06:07Z" },
        };
        string[] resources = [key, other, alias, "alias/no-such", "acs:kms:cn-hangzhou:9999999999999999:key/k1"];

        var answer = await gateway.AskAsync(gateway.Root, Path, new
        {
            principals = new[] { alice.Arn, role, $"acs:ram::{ApiGateway.Account}:root" },
            actions = new[] { "kms:Encrypt", "kms:Decrypt", "kms:UpdateAlias", "kms:ListKeys" },
            resources,
            contexts,
        });

        Assert.Equal(3 * 4 * 5 * 2, answer.Body.GetProperty("cells").GetArrayLength());
        foreach (var cell in answer.Body.GetProperty("cells").EnumerateArray())
        {
            var (principal, action, resource, context) = Names(cell);
            var simulated = await gateway.AskAsync(gateway.Root, "/policy/simulate", new
            {
                principal,
                context = contexts[context],
                explain = "none",
                calls = new[] { new { action, resources = new[] { resource } } },
            });
            var letter = simulated.Status == 400 ? "!" : simulated["decision"][..1];
            Assert.True(letter == cell.GetProperty("cell").GetString(), $"{cell.GetRawText()} is {simulated.Text}");
        }
    }

    [Fact]
    public async Task Expectations_FirstMatchWins_FailuresAreExplained()
    {
        var answer = await gateway.AskAsync(gateway.Root, Path, Described.Replace("EXPECT", """
            [{"principal":"bob","decision":"ImplicitDeny"},{"action":"kms:enc*","decision":"ExplicitDeny"},{"decision":"ExplicitDeny"}]
            """, StringComparison.Ordinal));

        Assert.Equal("AEII", Letters(answer));
        Assert.Equal(("3", "1", "0"), (answer["passed"], answer["failed"], answer["unexpected"]));
        var failure = Assert.Single(answer.Body.GetProperty("failures").EnumerateArray());
        Assert.Equal(("alice", "kms:Encrypt", "k1", "default"), Names(failure));
        Assert.Equal("ExplicitDeny", failure.GetProperty("expected").GetString());
        Assert.StartsWith("Allowed: Use, statement 0", failure.GetProperty("result").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_WithDocumentsInPlace_HoldAsTheyDoWithoutAServer()
    {
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(TestData.Repository, "samples-policies"), "*.matrix.json"))
        {
            var answer = await gateway.AskAsync(gateway.Root, Path, Inlined(file));
            Assert.True(answer.Status == 200, answer.Text);
            Assert.Equal("0", answer["failed"]);
            Assert.Equal("0", answer["unexpected"]);
            Assert.NotEqual("0", answer["passed"]);
        }
    }

    [Fact]
    public async Task File_ThatNamesAnother_IsRefusedAndNotRead()
    {
        var body = Described.Replace("EXPECT", "[]", StringComparison.Ordinal);
        body = body.Replace("\"policies\":{\"Use\":{", "\"policies\":{\"Other\":\"/etc/passwd\",\"Use\":{", StringComparison.Ordinal).Replace("[\"Use\"]", "[\"Other\"]", StringComparison.Ordinal);
        var answer = await gateway.AskAsync(gateway.Root, Path, body);
        Assert.Equal((400, "MalformedPolicyDocument"), (answer.Status, answer.Code));
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "application/x-ndjson", "{\"principal\":\"alice\",\"action\":\"kms:Encrypt\",\"resource\":\"k1\",\"context\":\"default\",\"cell\":\"A\"}\n")]
    [InlineData("ndjson", null, "{\"principal\":\"alice\",\"action\":\"kms:Encrypt\",\"resource\":\"k1\",\"context\":\"default\",\"cell\":\"A\"}\n")]
    [InlineData(null, "text/csv", "principal,action,resource,context,cell,expected\r\nalice,kms:Encrypt,k1,default,A,\r\n")]
    [InlineData("csv", "application/x-ndjson", "principal,action,resource,context,cell,expected\r\nalice,kms:Encrypt,k1,default,A,\r\n")]
    public async Task Form_IsChosenByFormatElseByAccept(string? format, string? accept, string beginning)
    {
        var path = format is null ? Path : $"{Path}?format={format}";
        var answer = await gateway.AskTextAsync(gateway.Root, path, Described.Replace("EXPECT", "[]", StringComparison.Ordinal), accept: accept);
        Assert.Equal(200, answer.Status);
        Assert.StartsWith(beginning, answer.Text, StringComparison.Ordinal);
        Assert.Equal(format == "csv" || accept == "text/csv" ? 5 : 4, answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Policy_HeldByMorePrincipalsThanDocumentsAreAllowed_IsOneDocument()
    {
        var principals = Enumerable.Range(0, 25).ToDictionary(i => $"u{i}", i => new { arn = $"acs:ram::1000000000000001:user/u{i}", policies = new[] { "Use" } });
        var body = System.Text.Json.Nodes.JsonNode.Parse(Described.Replace("EXPECT", "[]", StringComparison.Ordinal))!;
        body["principals"] = JsonSerializer.SerializeToNode(principals);
        var answer = await gateway.AskAsync(gateway.Root, Path, body.ToJsonString());
        Assert.Equal(200, answer.Status);
        Assert.Equal(50, answer.Body.GetProperty("cells").GetArrayLength());
    }

    [Fact]
    public async Task Form_Unknown_IsRefused()
    {
        var answer = await gateway.AskTextAsync(gateway.Root, $"{Path}?format=xls", Described.Replace("EXPECT", "[]", StringComparison.Ordinal));
        Assert.Equal((400, "InvalidParameter"), (answer.Status, answer.Code));
        Assert.Contains("json, ndjson or csv", answer["Message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MatrixQuestion.MaxCells, 200)]
    [InlineData(MatrixQuestion.MaxCells + 1, 400)]
    public async Task Cells_AreLimited(int cells, int status)
    {
        var resources = Enumerable.Range(0, cells / 50).ToDictionary(i => $"r{i}", i => new { arn = $"acs:kms:cn-hangzhou:1000000000000001:key/k{i}" });
        var actions = Enumerable.Repeat("kms:Encrypt", 50).ToArray();
        if (cells % 50 != 0)
        {
            // 50,001 = 3 * 7 * 2381
            resources = Enumerable.Range(0, 2381).ToDictionary(i => $"r{i}", i => new { arn = $"acs:kms:cn-hangzhou:1000000000000001:key/k{i}" });
            actions = [.. Enumerable.Repeat("kms:Encrypt", 21)];
        }

        var answer = await gateway.AskAsync(gateway.Root, Path, new { principals = new { root = new { arn = "acs:ram::1000000000000001:root" } }, actions, resources, format = "kmsgateway-policy-matrix/1" });
        Assert.Equal(status, answer.Status);
        if (status == 400)
        {
            Assert.Contains("50000", answer["Message"], StringComparison.Ordinal);
            Assert.Contains("50001", answer["Message"], StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(cells, answer.Body.GetProperty("cells").GetArrayLength());
            Assert.All(answer.Body.GetProperty("cells").EnumerateArray(), cell => Assert.Equal("A", cell.GetProperty("cell").GetString()));
        }
    }

    [Theory]
    [InlineData(MatrixExpectation.MaxCount, 200)]
    [InlineData(MatrixExpectation.MaxCount + 1, 400)]
    public async Task Expectations_AreLimited(int count, int status)
    {
        var expect = string.Join(',', Enumerable.Repeat("""{"decision":"Allow"}""", count));
        var answer = await gateway.AskAsync(gateway.Root, Path, Described.Replace("EXPECT", $"[{expect}]", StringComparison.Ordinal));
        Assert.Equal(status, answer.Status);
        Assert.True(status == 200 || answer["Message"].Contains("1000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expectation_AboutNoCell_IsRefused()
    {
        var answer = await gateway.AskAsync(gateway.Root, Path, Described.Replace("EXPECT", """[{"principal":"carol","decision":"Allow"}]""", StringComparison.Ordinal));
        Assert.Equal((400, "InvalidParameter"), (answer.Status, answer.Code));
        Assert.Contains("body#/expect/0: is about no cell", answer["Message"], StringComparison.Ordinal);
    }

    private static string Letters(ApiAnswer answer) => string.Concat(answer.Body.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("cell").GetString()));

    private static (string, string, string, string) Names(JsonElement cell) => (
        cell.GetProperty("principal").GetString()!, cell.GetProperty("action").GetString()!, cell.GetProperty("resource").GetString()!, cell.GetProperty("context").GetString()!);

    private static string Inlined(string file)
    {
        var matrix = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!;
        var policies = matrix["policies"]?.AsObject();
        foreach (var (name, value) in policies?.ToArray() ?? [])
        {
            if (value!.GetValueKind() == JsonValueKind.String)
            {
                policies![name] = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, value.GetValue<string>())));
            }
        }

        return matrix.ToJsonString();
    }
}
