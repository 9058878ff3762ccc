using System.Text.Json;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary><c>POST /policy/simulate</c> on real users, policies, keys and tags (simulator.md 3, 4).</summary>
public sealed class SimulateTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Path = "/policy/simulate";
    private const string Full = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private readonly ApiGateway gateway = shared.Gateway;

    [Fact]
    public async Task GroupPolicyThatNeedsATag_KeyWithoutIt_TellsTheNearestStatement()
    {
        var key = await gateway.CreateKeyAsync();
        var alias = await AliasAsync(key);
        var alice = await UserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        await GroupAsync(alice, "AppKeys", """{"Sid":"UseApollo","Effect":"Allow","Action":["kms:Decrypt","kms:Encrypt"],"Resource":"*","Condition":{"StringEqualsIgnoreCase":{"kms:tag/Project":["Apollo"]}}}""");

        var answer = await gateway.AskAsync(gateway.Root, Path, new
        {
            principal = alice.Arn,
            calls = new[] { new { action = "kms:Decrypt", resources = new[] { alias }, context = new Dictionary<string, string> { ["acs:SourceIp"] = "10.1.2.3" } } },
            context = new Dictionary<string, string> { ["acs:MFAPresent"] = "true", ["acs:CurrentTime"] = "2026-03-04T05:06:07Z" },
        });

        Assert.Equal(200, answer.Status);
        Assert.Equal("ImplicitDeny", answer["decision"]);
        var result = Assert.Single(answer.Body.GetProperty("results").EnumerateArray());
        Assert.Equal("kms:Decrypt", result.GetProperty("action").GetString());
        Assert.Equal(alias, result.GetProperty("asked").GetString());
        Assert.Equal(ArnOf($"key/{key}"), result.GetProperty("resource").GetString());
        Assert.Equal("alias", result.GetProperty("via").GetString());
        Assert.Equal("AccountLevelIdentityBasedPolicy", result.GetProperty("policyType").GetString());
        Assert.Equal(0, result.GetProperty("decidedBy").GetArrayLength());
        Assert.Equal("""["kms:tag/Project"]""", result.GetProperty("missingContext").GetRawText());
        Assert.Equal("""["acs:CurrentTime","acs:MFAPresent","acs:SourceIp"]""", result.GetProperty("unusedContext").GetRawText());
        var nearest = Assert.Single(result.GetProperty("nearest").EnumerateArray());
        Assert.StartsWith("AppKeys", nearest.GetProperty("policy").GetString(), StringComparison.Ordinal);
        Assert.Equal("v1", nearest.GetProperty("version").GetString());
        Assert.StartsWith("group/", nearest.GetProperty("attachedTo").GetString(), StringComparison.Ordinal);
        Assert.Equal("UseApollo", nearest.GetProperty("sid").GetString());
        Assert.Equal(1, nearest.GetProperty("missedBy").GetInt32());
        Assert.Equal(
            """{"operator":"StringEqualsIgnoreCase","key":"kms:tag/Project","wanted":["Apollo"],"found":null,"result":"KeyMissing"}""",
            Assert.Single(nearest.GetProperty("conditions").EnumerateArray()).GetRawText());
        Assert.StartsWith($"Denied: no statement allows kms:Decrypt on key {key}. Nearest: AppKeys", answer["text"], StringComparison.Ordinal);
        Assert.Contains("which needs kms:tag/Project = Apollo", answer["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_ComeFromTheKey_UnlessTheRequestSaysOthers()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alice = await UserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");

        Assert.Equal("Allow", (await OneAsync(alice.Arn, "kms:Encrypt", key))["decision"]);
        Assert.Equal("ImplicitDeny", (await OneAsync(alice.Arn, "kms:DescribeKey", key))["decision"]);
        foreach (var name in new[] { key, $"key/{key}", ArnOf($"key/{key}"), await AliasAsync(key) })
        {
            var answer = await gateway.AskAsync(gateway.Root, Path, new
            {
                principal = alice.Arn,
                calls = Calls("kms:Encrypt", key),
                tags = new Dictionary<string, object> { [name] = new { Project = "Gemini" } },
            });
            Assert.Equal("ImplicitDeny", answer["decision"]);
            Assert.Contains("Gemini", answer["text"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task UpdateAlias_AsksItsThreePermissionsInTheOrderOfTheCall()
    {
        var (old, target) = (await gateway.CreateKeyAsync(), await gateway.CreateKeyAsync());
        var alias = await AliasAsync(old);
        var alice = await UserAsync($$"""{"Effect":"Allow","Action":"kms:UpdateAlias","Resource":["acs:kms:*:*:key/{{old}}","acs:kms:*:*:alias/*"]}""");

        var answer = await OneAsync(alice.Arn, "kms:UpdateAlias", target, alias);
        var live = await gateway.KmsAsync(alice.Caller, "UpdateAlias", ("AliasName", alias), ("KeyId", target));

        Assert.Equal(
            [(ArnOf($"key/{old}"), "Allow"), (ArnOf($"key/{target}"), "ImplicitDeny"), (ArnOf(alias), "Allow")],
            answer.Body.GetProperty("results").EnumerateArray().Select(result => (result.GetProperty("resource").GetString()!, result.GetProperty("decision").GetString()!)));
        Assert.Equal("ImplicitDeny", answer["decision"]);
        Assert.Equal(403, live.Status);
        Assert.Contains(target, live["Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_AreNamedByTheAction_AndOpenActionsAreAllowed()
    {
        var alice = await UserAsync("""{"Effect":"Allow","Action":["kms:ListKeys","ram:ListUsers"],"Resource":"*"}""");

        var keys = await OneAsync(alice.Arn, "kms:ListKeys");
        var users = await OneAsync(alice.Arn, "ram:ListUsers");
        var regions = await OneAsync(alice.Arn, "kms:DescribeRegions");

        Assert.Equal((ArnOf("key"), "container", "Allow"), Seen(keys));
        Assert.Equal(($"acs:ram::{ApiGateway.Account}:user/*", "container", "Allow"), Seen(users));
        Assert.Equal(("*", "container", "Allow"), Seen(regions));
        Assert.Equal((ArnOf("key"), "container", "Allow"), Seen(await OneAsync(alice.Arn, "kms:ListKeys", ArnOf("key"))));
    }

    [Fact]
    public async Task WildcardAction_ExpandsOverWhatCanBeAskedOnTheResource()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await UserAsync("""{"Effect":"Allow","Action":"kms:Generate*","Resource":"*"}""");

        var generate = await OneAsync(alice.Arn, "KMS:generate*", key);
        var all = await OneAsync(alice.Arn, "*", key);

        Assert.Equal(
            ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateAndExportDataKey", "kms:GenerateMac"],
            Actions(generate));
        Assert.Equal("Allow", generate["decision"]);
        Assert.Contains("kms:ScheduleKeyDeletion", Actions(all));
        Assert.DoesNotContain("kms:ListKeys", Actions(all));
        Assert.DoesNotContain("ram:ListUsers", Actions(all));
    }

    [Fact]
    public async Task Policies_AddReplaceAndStandAlone()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await UserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");

        var added = await AskAsync(new { principal = alice.Arn, policies = new[] { new { name = "Draft", document = JsonDocument.Parse(Full).RootElement } }, calls = Calls("kms:Encrypt", key) });
        var replaced = await AskAsync(new { principal = alice.Arn, replace = new[] { new { policy = $"{alice.Name}-policy", document = Full } }, calls = Calls("kms:Encrypt", key) });
        var alone = await AskAsync(new { policies = new[] { new { document = Full } }, calls = Calls("kms:Encrypt", key) });

        Assert.Equal(("Allow", "Draft"), (added["decision"], Decider(added)));
        Assert.Equal(("Allow", $"{alice.Name}-policy"), (replaced["decision"], Decider(replaced)));
        Assert.Equal(("Allow", "policies/0"), (alone["decision"], Decider(alone)));
        Assert.Contains("draft", replaced["text"], StringComparison.Ordinal);
        IsRefused(await AskAsync(new { principal = alice.Arn, replace = new[] { new { policy = "nope", document = Full } }, calls = Calls("kms:Encrypt", key) }), "replace", "attached");
        IsRefused(await AskAsync(new { calls = Calls("kms:Encrypt", key) }), "body", "principal");
        IsRefused(await AskAsync(new { replace = new[] { new { policy = "p", document = Full } }, policies = new[] { new { document = Full } }, calls = Calls("kms:Encrypt", key) }), "replace", "principal");
    }

    [Fact]
    public async Task KeyPolicies_AreSupposedPerKey()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await UserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var grant = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["{{alice.Arn}}"]},"Action":"kms:Encrypt","Resource":"*"}]}""";

        var answer = await AskAsync(new { principal = alice.Arn, keyPolicies = new Dictionary<string, string> { [$"key/{key}"] = grant }, calls = Calls("kms:Encrypt", key) });

        Assert.Equal("Allow", answer["decision"]);
        Assert.Equal("ResourceBasedPolicy", answer.Body.GetProperty("results")[0].GetProperty("policyType").GetString());
    }

    [Fact]
    public async Task SessionPolicy_NarrowsARoleAndIsRefusedForAUser()
    {
        var key = await gateway.CreateKeyAsync();
        var role = await RoleAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var session = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}""";

        var whole = await OneAsync(role, "kms:Encrypt", key);
        var narrowed = await AskAsync(new { principal = role, sessionPolicy = session, calls = Calls("kms:Encrypt", key) });
        var named = await OneAsync(role.Replace(":role/", ":assumed-role/", StringComparison.Ordinal) + "/build", "kms:Encrypt", key);
        var alice = await UserAsync("""{"Effect":"Allow","Action":"*","Resource":"*"}""");

        Assert.Equal("Allow", whole["decision"]);
        Assert.Equal("Allow", named["decision"]);
        Assert.Equal("ImplicitDeny", narrowed["decision"]);
        Assert.Equal("SessionPolicy", narrowed.Body.GetProperty("results")[0].GetProperty("policyType").GetString());
        IsRefused(await AskAsync(new { principal = alice.Arn, sessionPolicy = session, calls = Calls("kms:Encrypt", key) }), "sessionPolicy", "role");
    }

    [Fact]
    public async Task AssumeRole_IsJudgedWithTheTrustPolicy()
    {
        var role = await RoleAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var may = await UserAsync("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}""");
        var mayNot = await UserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");

        Assert.Equal("Allow", (await OneAsync(may.Arn, "sts:AssumeRole", role))["decision"]);
        Assert.Equal("ImplicitDeny", (await OneAsync(mayNot.Arn, "sts:AssumeRole", role))["decision"]);
    }

    [Theory]
    [InlineData("none", false, false)]
    [InlineData("deciding", true, false)]
    [InlineData("all", true, true)]
    public async Task Explain_SaysHowMuchIsTold(string explain, bool hasStory, bool hasStatements)
    {
        var answer = await AskAsync(new { policies = new[] { new { document = Full } }, explain, calls = Calls("kms:ListKeys") });
        var result = answer.Body.GetProperty("results")[0];
        Assert.Equal("Allow", result.GetProperty("decision").GetString());
        Assert.Equal(hasStory, result.TryGetProperty("decidedBy", out _));
        Assert.Equal(hasStory, answer.Body.TryGetProperty("text", out _));
        Assert.Equal(hasStatements, result.TryGetProperty("statements", out _));
    }

    [Fact]
    public async Task CurrentTime_IsTakenOnceAndToldAndNotCalledUnused()
    {
        var document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"acs:CurrentTime":"2020-01-01T00:00:00Z"}}}]}""";
        var taken = await AskAsync(new { policies = new[] { new { document } }, calls = Calls("kms:ListKeys") });
        var given = await AskAsync(new { policies = new[] { new { document } }, calls = Calls("kms:ListKeys"), context = new Dictionary<string, string> { ["ACS:currenttime"] = "2019-01-01T00:00:00Z" } });
        var unused = await AskAsync(new { policies = new[] { new { document = Full } }, calls = Calls("kms:ListKeys") });

        Assert.Equal("Allow", taken["decision"]);
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$", taken["context", "acs:CurrentTime"]);
        Assert.Equal("ImplicitDeny", given["decision"]);
        Assert.Equal("2019-01-01T00:00:00Z", given["context", "ACS:currenttime"]);
        Assert.Equal(0, unused.Body.GetProperty("results")[0].GetProperty("unusedContext").GetArrayLength());
    }

    [Theory]
    [InlineData("kms:Encript", "calls", "kms:Encrypt")]
    [InlineData("kms:Encrypt", "calls", "resources")]
    [InlineData("Encrypt", "calls", "kms:Decrypt")]
    [InlineData("kms:Encrypt", "calls", "/policy/who-can", "*")]
    [InlineData("kms:Encrypt", "calls", "/policy/who-can", "acs:kms:*:*:key/x")]
    [InlineData("kms:ListKeys", "calls", "nothing that kms:ListKeys is checked on", "alias/app")]
    [InlineData("kms:Encrypt", "calls", "must be an ARN", "alias/no such alias")]
    [InlineData("kms:List*", "calls", "covers no known action", "secret/none", "alias/none")]
    [InlineData("oss:*", "calls", "covers no known action")]
    public async Task Calls_ThatCannotBeAsked_AreRefusedWithAHint(string action, string parameter, string hint, params string[] resources) =>
        IsRefused(await AskAsync(new { policies = new[] { new { document = Full } }, calls = Calls(action, resources) }), parameter, hint);

    [Fact]
    public async Task Members_ThatAreUnknownOrMalformed_AreRefused()
    {
        var policies = new[] { new { document = Full } };
        IsRefused(await AskAsync(new { policies, calls = Calls("kms:ListKeys"), contexts = new { } }), "contexts", "context");
        IsRefused(await AskAsync(new { policies, calls = Calls("kms:ListKeys"), explain = "most" }), "explain", "deciding");
        IsRefused(await AskAsync(new { policies, calls = Calls("kms:ListKeys"), principal = "alice" }), "principal", "user/<name>");
        IsRefused(await AskAsync(new { policies, calls = Calls("kms:ListKeys"), context = new Dictionary<string, string> { ["kms:tag/Project"] = "x" } }), "context", "tags");
        IsRefused(await AskAsync(new { policies, calls = Calls("kms:ListKeys"), context = new Dictionary<string, string> { ["acs:SourceIp"] = "1.1.1.1", ["acs:sourceip"] = "1.1.1.1" } }), "context", "letter case");
        IsRefused(await AskAsync(new { policies, calls = Calls("kms:ListKeys"), tags = new Dictionary<string, object> { ["key/k1"] = new { A = "b" } } }), "tags", "none of the resources");
    }

    [Fact]
    public async Task Policy_ThatDoesNotParse_IsRefusedWithFindings()
    {
        var answer = await AskAsync(new { policies = new[] { new { document = """{"Version":"1","Statement":[{"Effect":"Perhaps","Action":"kms:*","Resource":"*"}]}""" } }, calls = Calls("kms:ListKeys") });
        Assert.Equal((400, "MalformedPolicyDocument"), (answer.Status, answer.Code));
        Assert.Contains("body#/policies/0/document", answer["Message"], StringComparison.Ordinal);
        var finding = Assert.Single(answer.Body.GetProperty("findings").EnumerateArray());
        Assert.Equal("InvalidEffect", finding.GetProperty("issueCode").GetString());
        Assert.Equal("""["Statement",0,"Effect"]""", finding.GetProperty("locations")[0].GetProperty("path").GetRawText());
    }

    private static (string? Arn, string? Via, string? Decision) Seen(ApiAnswer answer)
    {
        var result = Assert.Single(answer.Body.GetProperty("results").EnumerateArray());
        return (result.GetProperty("resource").GetString(), result.GetProperty("via").GetString(), result.GetProperty("decision").GetString());
    }

    private static string? Decider(ApiAnswer answer) => answer.Body.GetProperty("results")[0].GetProperty("decidedBy")[0].GetProperty("policy").GetString();

    private static IEnumerable<string?> Actions(ApiAnswer answer) => answer.Body.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("action").GetString());

    private static object[] Calls(string action, params string[] resources) => [new { action, resources }];

    private static void IsRefused(ApiAnswer answer, string parameter, string hint)
    {
        Assert.Equal((400, "InvalidParameter"), (answer.Status, answer.Code));
        Assert.StartsWith($"The specified parameter \"{parameter}\" is not valid.", answer["Message"], StringComparison.Ordinal);
        Assert.Contains(hint, answer["Message"], StringComparison.Ordinal);
    }

    private static string ArnOf(string relativeId) => $"acs:kms:cn-hangzhou:{ApiGateway.Account}:{relativeId}";

    private Task<ApiAnswer> AskAsync(object body) => gateway.AskAsync(gateway.Root, Path, body);

    private Task<ApiAnswer> OneAsync(string principal, string action, params string[] resources) =>
        AskAsync(new { principal, calls = Calls(action, resources) });

    private Task<SimulatorUser> UserAsync(string statement) => gateway.CreateSimulatorUserAsync(statement);

    private Task<string> AliasAsync(string key) => gateway.CreateAliasAsync(key);

    private Task GroupAsync(SimulatorUser user, string policy, string statement) => gateway.AddToGroupAsync(user, policy, statement);

    private Task<string> RoleAsync(string statement) => gateway.CreateRoleAsync(statement);
}
