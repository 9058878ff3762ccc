using System.Text.Json;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary><c>POST /policy/diff</c> (simulator.md 6). The library proves the analysis; here it is held to the grid once, end to end.</summary>
public sealed class DiffTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Path = "/policy/diff";

    private readonly ApiGateway gateway = shared.Gateway;

    [Fact]
    public async Task StoredVersions_TellWhatWidenedWithWitnessAndKeys()
    {
        var (tagged, plain) = (await gateway.CreateKeyAsync(("Project", "Apollo")), await gateway.CreateKeyAsync());
        var policy = await gateway.CreatePolicyAsync("Diff", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""");
        var second = """{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}]}""";
        Assert.Equal("OK", (await gateway.RamAsync("CreatePolicyVersion", ("PolicyName", policy), ("PolicyDocument", second))).Code);

        var answer = await gateway.AskAsync(gateway.Root, Path, new { before = new { policy, version = "v1" }, after = new { policy, version = "v2" }, keys = new[] { tagged, plain } });

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("True", answer["isComplete"]);
        var regions = answer.Body.GetProperty("regions").EnumerateArray().ToArray();
        var widened = regions.Single(region => Text(region, "change") == "Widened");
        var narrowed = regions.Single(region => Text(region, "change") == "Narrowed");
        Assert.Equal("""["kms:Decrypt"]""", widened.GetProperty("actions").GetRawText());
        Assert.Equal("""["kms:Encrypt"]""", narrowed.GetProperty("actions").GetRawText());
        Assert.Equal(1, widened.GetProperty("keys").GetInt32());
        Assert.Equal(1, narrowed.GetProperty("keys").GetInt32());

        var witness = widened.GetProperty("witness");
        var pasted = await gateway.AskAsync(gateway.Root, "/policy/simulate", new
        {
            policies = new[] { new { document = second } },
            calls = new[] { witness.GetProperty("call") },
            tags = witness.GetProperty("tags"),
        });
        Assert.True(pasted.Status == 200, pasted.Text);
        Assert.True(pasted["decision"] == "Allow", $"{answer.Text}\n{pasted.Text}");
    }

    [Fact]
    public async Task Regions_AgreeWithTheGridOfBeforeAndAfter()
    {
        string[] keys = [await gateway.CreateKeyAsync(("Project", "Apollo")), await gateway.CreateKeyAsync(("Project", "Gemini")), await gateway.CreateKeyAsync()];
        var before = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"acs:kms:*:*:key/{{keys[0]}}"},{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";
        var after = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*crypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":["Apollo","Gemini"]}}},{"Effect":"Deny","Action":"kms:ScheduleKeyDeletion","Resource":"*"}]}""";
        string[] actions = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ScheduleKeyDeletion", "kms:AsymmetricEncrypt"];
        var grid = await gateway.AskAsync(gateway.Root, "/policy/matrix", new
        {
            policies = new { before = JsonDocument.Parse(before).RootElement, after = JsonDocument.Parse(after).RootElement },
            principals = new
            {
                before = new { arn = $"acs:ram::{ApiGateway.Account}:user/u", policies = new[] { "before" } },
                after = new { arn = $"acs:ram::{ApiGateway.Account}:user/u", policies = new[] { "after" } },
            },
            actions,
            resources = keys,
        });
        var letters = grid.Body.GetProperty("cells").EnumerateArray().ToDictionary(cell => (Text(cell, "principal"), Text(cell, "action"), Text(cell, "resource")), cell => Text(cell, "cell"));
        foreach (var key in keys)
        {
            var answer = await gateway.AskAsync(gateway.Root, Path, new { before = new { document = before }, after = new { document = after }, keys = new[] { key } });
            var inside = answer.Body.GetProperty("regions").EnumerateArray().Where(region => region.GetProperty("keys").GetInt32() == 1).ToArray();
            Assert.DoesNotContain(answer.Body.GetProperty("regions").EnumerateArray(), region => Text(region, "change") == "Unknown");
            foreach (var action in actions)
            {
                var expected = (letters[("before", action, key)], letters[("after", action, key)]) switch
                {
                    ("A", "A") or ("I", "I") or ("E", "E") => null,
                    ("A", _) => "Narrowed",
                    (_, "A") => "Widened",
                    ("I", "E") => "DenyAdded",
                    _ => "DenyRemoved",
                };
                var found = inside.Where(region => region.GetProperty("actions").EnumerateArray().Any(each => each.GetString() == action)).Select(region => Text(region, "change")).ToArray();
                Assert.True(expected is null ? found.Length == 0 : found.SequenceEqual([expected]), $"{action} on {key}: expected {expected}, found {string.Join(',', found)}");
            }
        }
    }

    [Fact]
    public async Task Principal_WhatElseIsAttachedCounts_AndAllKeysAreCounted()
    {
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        await gateway.CreateKeyAsync();
        var nothing = Array.Empty<object>();
        var encrypt = new { name = "More", document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""" };

        var covered = await gateway.AskAsync(gateway.Root, Path, new { principal = alice.Arn, before = nothing, after = encrypt });
        var alone = await gateway.AskAsync(gateway.Root, Path, new { before = nothing, after = encrypt });
        var replaced = await gateway.AskAsync(gateway.Root, Path, new { principal = alice.Arn, before = new { policy = $"{alice.Name}-policy" }, after = encrypt });

        Assert.Equal("True", covered["isSame"]);
        Assert.Equal("Widened", Text(Assert.Single(alone.Body.GetProperty("regions").EnumerateArray()), "change"));
        Assert.NotEqual(0, alone.Body.GetProperty("regions")[0].GetProperty("keys").GetInt32());
        Assert.Contains(replaced.Body.GetProperty("regions").EnumerateArray(), region => Text(region, "change") == "Narrowed");
    }

    [Fact]
    public async Task StoredCustomPolicy_NeedsThePermissionOnEverything()
    {
        var target = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var auditor = await gateway.CreateSimulatorUserAsync($$"""{"Effect":"Allow","Action":"kmsgw:SimulatePolicy","Resource":"{{target.Arn}}"}""");
        var chief = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kmsgw:SimulatePolicy","Resource":"*"}""");
        var custom = new { policy = await gateway.CreatePolicyAsync("Diff", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""") };
        var given = new { document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}""" };

        Assert.Equal((403, "NoPermission"), await AskAsync(auditor, custom, given));
        Assert.Equal((403, "NoPermission"), await AskAsync(auditor, given, new object[] { given, custom }));
        Assert.Equal((403, "NoPermission"), await AskAsync(auditor, given, new { policy = "is-not-there" }));
        Assert.Equal((200, "OK"), await AskAsync(auditor, given, new { policy = "AliyunKMSReadOnlyAccess" }));
        Assert.Equal((200, "OK"), await AskAsync(auditor, given, given));
        Assert.Equal((200, "OK"), await AskAsync(chief, custom, given));

        async Task<(int, string)> AskAsync(SimulatorUser user, object before, object after)
        {
            var answer = await gateway.AskAsync(user.Caller, Path, new { principal = target.Arn, before, after, keys = Array.Empty<string>() });
            return (answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task HostilePatterns_AreAnsweredOrUnknownInTime()
    {
        static string Document(string tail) => JsonSerializer.Serialize(new
        {
            Version = "1",
            Statement = Enumerable.Range(0, 12).Select(i => new { Effect = "Allow", Action = "kms:*", Resource = $"acs:kms:*:*:key/{string.Concat(Enumerable.Repeat($"*{(char)('a' + i)}", 12))}*{tail}" }),
        });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var answer = await gateway.AskAsync(gateway.Root, Path, new { before = new { document = Document("x") }, after = new { document = Document("y") }, keys = Array.Empty<string>() });

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("False", answer["isSame"]);
        // 5 s is the bound on a quiet machine (benchmarks); this one only catches what does not end
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task Sides_ThatAreNotThere_AreRefused()
    {
        var given = new { document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""" };
        Assert.Equal("EntityNotExist.Policy", (await gateway.AskAsync(gateway.Root, Path, new { before = new { policy = "nope" }, after = given })).Code);
        var policy = await gateway.CreatePolicyAsync("Diff", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""");
        Assert.Equal("EntityNotExist.Policy.Version", (await gateway.AskAsync(gateway.Root, Path, new { before = new { policy, version = "v9" }, after = given })).Code);
        Assert.Equal("EntityNotExist.Policy.Version", (await gateway.AskAsync(gateway.Root, Path, new { before = new { policy = "AliyunKMSFullAccess", version = "v99" }, after = given })).Code);
        Assert.Equal("InvalidParameter", (await gateway.AskAsync(gateway.Root, Path, new { after = given })).Code);
        Assert.Equal("MalformedPolicyDocument", (await gateway.AskAsync(gateway.Root, Path, new { before = new { document = "{}" }, after = given })).Code);
    }

    [Theory]
    [InlineData(1000, 200)]
    [InlineData(1001, 400)]
    public async Task Keys_AreLimited(int count, int status)
    {
        var given = new { document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""" };
        var answer = await gateway.AskAsync(gateway.Root, Path, new { before = given, after = given, keys = Enumerable.Range(0, count).Select(i => $"k{i}") });
        Assert.Equal(status, answer.Status);
        Assert.True(status == 200 || answer["Message"].Contains("1000", StringComparison.Ordinal));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
