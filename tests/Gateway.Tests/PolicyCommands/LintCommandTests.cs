using System.Text.Json;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.PolicyCommands;

/// <summary><c>policy lint</c>, as a user runs it.</summary>
public sealed class LintCommandTests : IDisposable
{
    private const string Sound = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"acs:kms:cn-hangzhou:1000000000000001:key/k1"}]}""";

    private const string Wide = """
        {"Version": "1",
         "Statement": [
           {"Sid": "密钥", "Effect": "Allow", "Action": "kms:*", "Resource": "*"}
         ]}
        """;

    private const string Broken = """
        {"Version": "1",
         "Statement": [
           {"Effect": "Allow", "Action": ["kms:Encrypt", "Decrypt"], "Resource": "*"},
         {"Effect": "Permit", "Action": "kms:Decrypt", "Resource": "*"}]}
        """;

    private const string Key = """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:*"},"Action":"kms:*","Resource":"*"}]}""";

    private readonly PolicyProgram program = new();

    public static TheoryData<string> Formats => ["text", "json", "sarif"];

    public void Dispose() => program.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Lint_OfFolder_PrintsWhatWasRead(string format)
    {
        program.Write(Broken, "broken.json");
        program.Write(Wide.Replace("密钥", "All", StringComparison.Ordinal), "some app", "wide.json");
        program.Write(Key, "key-policies", "owner.json");
        program.Write("""{"format":"kmsgateway-policy-matrix/1"}""", "m.matrix.json");
        program.Write("""{"$schema":"https://json-schema.org/draft/2020-12/schema"}""", "policy.schema.json");
        await program.VerifyAsync($"lint-folder-{format}", "lint", program.At(), "--format", format);
    }

    [Fact]
    public async Task Lint_OfSoundDocument_IsQuiet()
    {
        var file = program.Write(Sound, "p.json");
        Assert.Equal((0, "1 policies: 0 ERROR, 0 SECURITY_WARNING, 0 WARNING, 0 SUGGESTION\n", ""), await program.RunAsync("lint", file));
    }

    [Fact]
    public async Task Lint_WarningsAlone_DoNotFail()
    {
        var (code, output, _) = await program.RunAsync("lint", program.Write(Wide, "p.json"));
        Assert.Equal(1, code);
        Assert.StartsWith("DIR/p.json:3:12: ERROR InvalidPolicyElement", output, StringComparison.Ordinal);
        (code, output, _) = await program.RunAsync("lint", program.Write(Wide.Replace("密钥", "All", StringComparison.Ordinal), "q.json"));
        Assert.Equal(0, code);
        Assert.StartsWith("DIR/q.json:3:4: SECURITY_WARNING FullAccess", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("identity", 1)]
    [InlineData("key", 0)]
    [InlineData("trust", 1)]
    public async Task Lint_Kind_DecidesWhatADocumentTakes(string kind, int expected)
    {
        Assert.Equal(expected, (await program.RunAsync("lint", program.Write(Key, "p.json"), "--kind", kind)).Code);
        Assert.Equal(expected, (await program.RunAsync("lint", program.Write(Key, "key-policies", "p.json"), "--kind", kind)).Code);
    }

    [Fact]
    public async Task Lint_KindOfTheFolder_IsTakenWithoutOne()
    {
        Assert.Equal(1, (await program.RunAsync("lint", program.Write(Key, "p.json"))).Code);
        Assert.Equal(0, (await program.RunAsync("lint", program.Write(Key, "key-policies", "p.json"))).Code);
        Assert.Equal(1, (await program.RunAsync("lint", program.Write(Key, "old-policies", "p.json"))).Code);
    }

    [Fact]
    public async Task Lint_AccountAndRegion_TellForeignOnes()
    {
        var file = program.Write(Sound, "p.json");
        Assert.DoesNotContain("RegionOrAccountForeign", (await program.RunAsync("lint", file, "--account", "1000000000000001", "--region", "cn-hangzhou")).Output, StringComparison.Ordinal);
        Assert.Contains("RegionOrAccountForeign", (await program.RunAsync("lint", file, "--account", "1000000000000002")).Output, StringComparison.Ordinal);
        Assert.Contains("RegionOrAccountForeign", (await program.RunAsync("lint", file, "--region", "cn-beijing")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_ByteOrderMark_IsAnErrorAndNotOverlooked()
    {
        var file = program.At("p.json");
        await File.WriteAllBytesAsync(file, [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(Sound)]);
        var (code, output, _) = await program.RunAsync("lint", file);
        Assert.Equal(1, code);
        Assert.StartsWith("DIR/p.json:1:1: ERROR JsonSyntax", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_Samples_HaveNoErrors()
    {
        var (code, output, error) = await program.RunAsync("lint", Path.Combine(TestData.Repository, "samples-policies"));
        Assert.Equal("", error);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Lint_WhatWasNotLookedForToTheEnd_IsNamed()
    {
        var actions = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"kms:No{i}\""));
        var file = program.Write($$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":[{{actions}}],"Resource":"*"}]}""", "p.json");
        Assert.Contains("DIR/p.json: not looked for to the end: UnknownAction\n", (await program.RunAsync("lint", file)).Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await program.RunAsync("lint", file, "--format", "json")).Output);
        Assert.Equal(["UnknownAction"], json.RootElement.GetProperty("policies")[0].GetProperty("unfinished").EnumerateArray().Select(code => code.GetString()));
        using var sarif = JsonDocument.Parse((await program.RunAsync("lint", file, "--format", "sarif")).Output);
        var notices = sarif.RootElement.GetProperty("runs")[0].GetProperty("invocations")[0].GetProperty("toolExecutionNotifications");
        Assert.Equal("DIR/p.json: not looked for to the end: UnknownAction", notices[0].GetProperty("message").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Lint_AsSarif_NamesRulesThatAreThereAndPlacesInTheText()
    {
        var file = program.Write(Broken.Replace("},\n {", "},\n{", StringComparison.Ordinal), "a b.json");
        var (_, output, _) = await program.RunAsync("lint", file, "--format", "sarif");
        using var log = JsonDocument.Parse(output);
        var run = log.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()).ToArray();
        var results = run.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal("2.1.0", log.RootElement.GetProperty("version").GetString());
        Assert.Equal(["InvalidActionFormat", "InvalidEffect"], results.Select(result => result.GetProperty("ruleId").GetString()));
        Assert.All(results, result =>
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()]);
            Assert.Equal("error", result.GetProperty("level").GetString());
            Assert.EndsWith("/a%20b.json", result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString(), StringComparison.Ordinal);
        });
        var region = results[1].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("region");
        Assert.Equal((4, 12, 4, 20), (region.GetProperty("startLine").GetInt32(), region.GetProperty("startColumn").GetInt32(), region.GetProperty("endLine").GetInt32(), region.GetProperty("endColumn").GetInt32()));
    }

    [Fact]
    public async Task Lint_BadInput_IsTold()
    {
        program.Write("nothing", "empty", "readme.txt");
        var latin = program.At("latin.json");
        await File.WriteAllBytesAsync(latin, [0x7B, 0xE9, 0x7D]);
        Assert.Equal((64, "", "DIR/empty: holds no policy (*.json).\n"), await program.RunAsync("lint", program.At("empty")));
        Assert.Equal((64, "", "DIR/latin.json: no UTF-8 text.\n"), await program.RunAsync("lint", latin));
        Assert.Equal("--kind \"Key\": must be one of control, identity, key, session, trust.\n", (await program.RunAsync("lint", latin, "--kind", "Key")).Error);
        Assert.Equal((64, "", "--format \"xml\": lint answers in text, json or sarif.\n"), await program.RunAsync("lint", latin, "--format", "xml"));
        Assert.StartsWith("DIR/none.json: cannot be read", (await program.RunAsync("lint", program.At("none.json"))).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16 * 1024 * 1024, 1)]
    [InlineData((16 * 1024 * 1024) + 1, 64)]
    public async Task Lint_SizeOfFile_IsLimited(int size, int expected)
    {
        var file = program.At("p.json");
        await File.WriteAllBytesAsync(file, [.. Enumerable.Repeat((byte)' ', size)]);
        Assert.Equal(expected, (await program.RunAsync("lint", file)).Code);
    }
}
