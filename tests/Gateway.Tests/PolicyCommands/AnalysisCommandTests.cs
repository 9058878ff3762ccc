using System.Text.Json;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary><c>policy diff</c> and <c>policy can</c>, as a user runs them.</summary>
public sealed class AnalysisCommandTests : IDisposable
{
    private const string One = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:*:*:key/a"}]}""";
    private const string Tagged = """{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Decrypt","kms:Encrypt"],"Resource":"acs:kms:*:*:key/*","Condition":{"StringEquals":{"kms:tag/Env":"dev"}}}]}""";
    private const string Stop = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}]}""";
    private const string KeyPolicy = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:user/alice"},"Action":"kms:Decrypt","Resource":"*"}]}""";

    private readonly PolicyProgram program = new();

    public static TheoryData<string> Formats => ["text", "json"];

    public void Dispose() => program.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Diff_OfAnEdit_PrintsWhatWasRead(string format) => await program.VerifyAsync(
        $"diff-{format}", "diff", program.Write(One, "before.json"), program.Write(Tagged, "after.json"), "--format", format);

    [Fact]
    public async Task Diff_OfFolders_TakesAllTheirPolicies()
    {
        program.Write(One, "before", "one.json");
        program.Write(One, "after", "one.json");
        program.Write(Stop, "after", "more", "stop.json");
        var (code, output, error) = await program.RunAsync("diff", program.At("before"), program.At("after"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Narrowed: kms:Decrypt on acs:kms:*:*:key/a\n", output, StringComparison.Ordinal);
        Assert.Contains("DenyAdded: ", output, StringComparison.Ordinal);
        Assert.EndsWith("2 regions\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_OfOnePolicyInTwoForms_IsNone()
    {
        const string Longer = """{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:decrypt"],"Resource":["acs:kms:*:*:key/a","acs:kms:cn-hangzhou:*:key/a"]}]}""";
        Assert.Equal(
            (0, "same: every call is decided as before\n", ""),
            await program.RunAsync("diff", program.Write(One, "before.json"), program.Write(Longer, "after.json"), "--expect", "same"));
    }

    [Theory]
    [InlineData(One, Tagged, "same", 1)]
    [InlineData(One, Tagged, "no-wider", 1)]
    [InlineData(Tagged, One, "no-wider", 1)]
    [InlineData(One, Stop, "no-wider", 0)]
    [InlineData(One, Stop, "same", 1)]
    [InlineData(Stop, One, "no-wider", 1)]
    [InlineData(Stop, Stop, "same", 0)]
    public async Task Diff_Expectation_DecidesTheExitCode(string before, string after, string expected, int code)
    {
        var (found, output, _) = await program.RunAsync("diff", program.Write(before, "before.json"), program.Write(after, "after.json"), "--expect", expected);
        Assert.Equal(code, found);
        Assert.Equal(code == 1, output.EndsWith($"FAIL: expected {expected}\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diff_BadInput_IsTold()
    {
        var one = program.Write(One, "one.json");
        var key = program.Write(KeyPolicy, "key.json");
        var (code, output, error) = await program.RunAsync("diff", one, key);
        Assert.Equal((64, ""), (code, output));
        Assert.StartsWith("DIR/key.json: no identity policy: ElementNotAllowed at /Statement/0/Principal (line 1)", error, StringComparison.Ordinal);
        Assert.Equal((64, "", "--expect \"wider\": must be one of same, no-wider.\n"), await program.RunAsync("diff", one, one, "--expect", "wider"));
        Assert.Equal(64, (await program.RunAsync("diff", one)).Code);
        Assert.StartsWith("DIR/none.json: cannot be read", (await program.RunAsync("diff", one, program.At("none.json"))).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Can_WithOptions_PrintsWhatWasRead(string format) => await program.VerifyAsync(
        $"can-{format}", "can", "--policies", program.Write(Tagged, "tagged.json"), "--action", "kms:*", "--resource", "acs:kms:*:*:key/b", "--format", format);

    [Theory]
    [InlineData("kms:Decrypt", "acs:kms:*:*:key/*", "Yes", 0)]
    [InlineData("kms:Decrypt", "acs:kms:*:*:key/*", "No", 1)]
    [InlineData("kms:Encrypt", "*", "No", 0)]
    [InlineData("kms:Encrypt", "*", "Yes", 1)]
    [InlineData("kms:De*", "acs:kms:*:*:secret/*", "No", 0)]
    public async Task Can_Expectation_DecidesTheExitCode(string action, string resource, string expected, int code)
    {
        var (found, output, error) = await program.RunAsync("can", "--policies", program.Write(One, "one.json"), "--action", action, "--resource", resource, "--expect", expected);
        Assert.Equal((code, ""), (found, error));
        Assert.Equal(code == 1, output.Contains($"FAIL: expected {expected}, is ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Can_SeveralPolicies_CountTogether()
    {
        var (one, stop) = (program.Write(One, "one.json"), program.Write(Stop, "stop.json"));
        var (code, output, _) = await program.RunAsync("can", "--policies", one, "--policies", stop, "--action", "*", "--resource", "*", "--expect", "No");
        Assert.Equal((0, "No: there is no such call.\n"), (code, output));
    }

    /// <summary>What no identity policy gives, the policy of the key gives to one user and not to the other.</summary>
    [Theory]
    [InlineData("alice", "Yes", 0)]
    [InlineData("alice", "No", 1)]
    [InlineData("bob", "No", 0)]
    public async Task Can_QuestionFile_TakesCallerAndKeyPolicies(string user, string expected, int code)
    {
        var file = program.Write(
            $$"""
            {"policies": {"Owner": {{KeyPolicy}} },
             "principal": {"arn": "acs:ram::1000000000000001:user/{{user}}"},
             "resources": {"key": {"arn": "acs:kms:cn-hangzhou:1000000000000001:key/k1", "policy": "Owner"} },
             "action": "kms:Dec*", "resource": "acs:kms:*:*:key/*", "expect": "{{expected}}"}
            """,
            "q.json");
        var (found, output, error) = await program.RunAsync("can", file, "--format", "json");
        Assert.Equal((code, ""), (found, error));
        using var answer = JsonDocument.Parse(output);
        Assert.Equal(user == "alice" ? "Yes" : "No", answer.RootElement.GetProperty("can").GetString());
        Assert.Equal(user == "alice", answer.RootElement.TryGetProperty("witness", out _));
    }

    [Theory]
    [InlineData("""{"principal":{"arn":"acs:ram::1:user/a"},"action":"Decrypt","resource":"*"}""", "#/action: must be an action or pattern such as kms:Decrypt, kms:* or *.")]
    [InlineData("""{"principal":{"arn":"acs:ram::1:user/a"},"action":"*","resource":"key/a"}""", "#/resource: must be an ARN, with wildcards or without, or *.")]
    [InlineData("""{"principal":{"arn":"acs:ram::1:user/a"},"action":"*","resource":"*","expect":"yes"}""", "#/expect: must be Yes or No.")]
    [InlineData("""{"principal":{"arn":"acs:ram::1:user/a"},"action":"*","resources":{}}""", "#: resource is missing.")]
    [InlineData("""{"principal":{"arn":"acs:ram::1:user/a"},"actions":"*","resource":"*"}""", "#/actions: unknown; the nearest known member is action.")]
    [InlineData("""{"principal":{"arn":"acs:ram::1:group/a"},"action":"*","resource":"*"}""", "#/principal/arn: must be acs:ram::<account>:root, :user/<name> or :role/<name>.")]
    public async Task Can_BadQuestion_NamesFileAndPointer(string question, string fault)
    {
        var file = program.Write(question, "q.json");
        Assert.Equal((64, "", $"DIR/q.json{fault}\n"), await program.RunAsync("can", file));
    }

    [Fact]
    public async Task Can_BadUsage_IsTold()
    {
        var one = program.Write(One, "one.json");
        Assert.Equal((64, "", "can takes a file, or --policies, --action and --resource.\n"), await program.RunAsync("can"));
        Assert.Equal((64, "", "can takes a file, or --policies, --action and --resource.\n"), await program.RunAsync("can", "--policies", one, "--action", "*"));
        Assert.Equal((64, "", "can takes a file or options, not both.\n"), await program.RunAsync("can", one, "--action", "*"));
        Assert.Equal((64, "", "--action \"Decrypt\": must be an action or pattern such as kms:Decrypt, kms:* or *.\n"), await program.RunAsync("can", "--policies", one, "--action", "Decrypt", "--resource", "*"));
        Assert.Equal((64, "", "--resource \"key\": must be an ARN, with wildcards or without, or *.\n"), await program.RunAsync("can", "--policies", one, "--action", "*", "--resource", "key"));
        Assert.Equal((64, "", "--expect \"maybe\": must be one of Yes, No.\n"), await program.RunAsync("can", "--policies", one, "--action", "*", "--resource", "*", "--expect", "maybe"));
    }
}
