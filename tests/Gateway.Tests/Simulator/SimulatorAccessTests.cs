using System.Text.Json;
using KmsGateway.Gateway.Simulator;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>Who may ask what, and what nobody learns by asking (simulator.md 2, 3, 9.3; decisions.md D6).</summary>
public sealed class SimulatorAccessTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Full = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
    private const string OtherAccount = "9999999999999999";

    private readonly ApiGateway gateway = shared.Gateway;

    [Fact]
    public async Task Simulate_AboutAnother_NeedsThePermissionOnThatPrincipal()
    {
        var target = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var nobody = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var auditor = await gateway.CreateSimulatorUserAsync($$$"""{"Effect":"Allow","Action":"kmsgw:SimulatePolicy","Resource":"{{{target.Arn}}}"}""");

        var refused = await gateway.AskAsync(nobody.Caller, "/policy/simulate", new { principal = target.Arn, calls = Calls("kms:ListKeys") });
        var answered = await gateway.AskAsync(auditor.Caller, "/policy/simulate", new { principal = target.Arn, calls = Calls("kms:ListKeys") });
        var aboutNobody = await gateway.AskAsync(auditor.Caller, "/policy/simulate", new { principal = nobody.Arn, calls = Calls("kms:ListKeys") });

        Assert.Equal((403, "NoPermission"), (refused.Status, refused.Code));
        Assert.Equal("kmsgw:SimulatePolicy", refused["AccessDeniedDetail", "AuthAction"]);
        Assert.Equal("Allow", answered["decision"]);
        Assert.Equal(403, aboutNobody.Status);
    }

    [Theory]
    [InlineData("/policy/simulate", """{"policies":[{"document":{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}],"calls":[{"action":"kms:ListKeys"}]}""", "kmsgw:SimulatePolicy")]
    [InlineData("/policy/matrix", """{"principals":{"u":{"arn":"acs:ram::1000000000000001:user/u"}},"actions":["kms:ListKeys"],"resources":{"k":{"arn":"*"}}}""", "kmsgw:SimulatePolicy")]
    [InlineData("/policy/who-can", """{"action":"kms:ListKeys"}""", "kmsgw:AnalyzeAccess")]
    public async Task Endpoint_NeedsItsPermission(string path, string body, string permission)
    {
        var nobody = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var somebody = await gateway.CreateSimulatorUserAsync($$"""{"Effect":"Allow","Action":"{{permission}}","Resource":"*"}""");
        var other = permission == "kmsgw:SimulatePolicy" ? "kmsgw:AnalyzeAccess" : "kmsgw:SimulatePolicy";
        var wrong = await gateway.CreateSimulatorUserAsync($$"""{"Effect":"Allow","Action":"{{other}}","Resource":"*"}""");

        Assert.Equal((403, "NoPermission"), await StatusAsync(nobody));
        Assert.Equal((403, "NoPermission"), await StatusAsync(wrong));
        Assert.Equal((200, "OK"), await StatusAsync(somebody));
        Assert.Equal((200, "OK"), Of(await gateway.AskAsync(gateway.Root, path, body)));

        async Task<(int, string)> StatusAsync(SimulatorUser user) => Of(await gateway.AskAsync(user.Caller, path, body));
        static (int, string) Of(ApiAnswer answer) => (answer.Status, answer.Code);
    }

    [Fact]
    public async Task Simulate_AboutOneself_IsAlwaysAnswered()
    {
        var key = await gateway.CreateKeyAsync();
        var nobody = await gateway.CreateSimulatorUserAsync("""{"Sid":"Nothing","Effect":"Deny","Action":"*","Resource":"*"}""");

        var answer = await gateway.AskAsync(nobody.Caller, "/policy/simulate", new { principal = nobody.Arn, calls = Calls("kms:Encrypt", key) });
        var drafted = await gateway.AskAsync(nobody.Caller, "/policy/simulate", new { principal = nobody.Arn, policies = new[] { new { document = Full } }, calls = Calls("kms:Encrypt", key) });
        var recorded = gateway.EventOf(answer["requestId"])!.Value;

        Assert.Equal("ExplicitDeny", answer["decision"]);
        Assert.Equal("Nothing", answer.Body.GetProperty("results")[0].GetProperty("decidedBy")[0].GetProperty("sid").GetString());
        Assert.Equal("ExplicitDeny", drafted["decision"]);
        Assert.False(recorded.TryGetProperty("errorCode", out _));
        Assert.False(recorded.GetProperty("additionalEventData").TryGetProperty("decision", out _));
    }

    [Fact]
    public async Task Simulate_AboutOneself_TellsNoTagsOfKeysThatAreDenied()
    {
        var key = await gateway.CreateKeyAsync(("Project", "marker-tag-value"));
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");
        var guess = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"marker-tag-value"}}}]}""";

        var own = await gateway.AskAsync(alice.Caller, "/policy/simulate", new { principal = alice.Arn, explain = "all", calls = Calls("kms:Encrypt", key) });
        var guessed = await gateway.AskAsync(alice.Caller, "/policy/simulate", new { principal = alice.Arn, policies = new[] { new { document = guess } }, calls = Calls("kms:Encrypt", key) });
        var auditor = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = alice.Arn, policies = new[] { new { document = guess } }, calls = Calls("kms:Encrypt", key) });
        var told = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = alice.Arn, calls = Calls("kms:Encrypt", key) });

        Assert.Equal("ImplicitDeny", own["decision"]);
        Assert.DoesNotContain("marker-tag-value", own.Text, StringComparison.Ordinal);
        Assert.Equal("ImplicitDeny", guessed["decision"]);
        Assert.Equal("Allow", auditor["decision"]);
        Assert.Contains("marker-tag-value", told.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Simulate_AboutOneselfInOtherCircumstances_LeavesStoredTagsOut(bool isCommon)
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alice = await gateway.CreateSimulatorUserAsync(
            """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"},"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");
        var circumstances = new Dictionary<string, string> { ["acs:SourceIp"] = "10.1.2.3" };
        var nothing = new Dictionary<string, string>();
        object Question(string action, bool isGiven) => new
        {
            principal = alice.Arn,
            calls = new[] { new { action, resources = new[] { key }, context = isGiven && !isCommon ? circumstances : nothing } },
            context = isGiven && isCommon ? circumstances : nothing,
        };

        Assert.Equal("ImplicitDeny", (await gateway.AskAsync(alice.Caller, "/policy/simulate", Question("kms:Encrypt", isGiven: true)))["decision"]);
        Assert.Equal("Allow", (await gateway.AskAsync(gateway.Root, "/policy/simulate", Question("kms:Encrypt", isGiven: true)))["decision"]);
        Assert.Equal("ImplicitDeny", (await gateway.AskAsync(alice.Caller, "/policy/simulate", Question("kms:Decrypt", isGiven: true)))["decision"]);
        Assert.Equal("Allow", (await gateway.AskAsync(alice.Caller, "/policy/simulate", Question("kms:Decrypt", isGiven: false)))["decision"]);
    }

    [Fact]
    public async Task Simulate_GivenTime_IsACircumstanceToo()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");
        var answer = await gateway.AskAsync(alice.Caller, "/policy/simulate", new
        {
            principal = alice.Arn,
            calls = Calls("kms:Decrypt", key),
            context = new Dictionary<string, string> { ["acs:currenttime"] = "2026-03-04T05:06:07Z" },
        });
        Assert.Equal("ImplicitDeny", answer["decision"]);
    }

    [Fact]
    public async Task Simulate_ByANarrowedSession_IsAboutThatSessionOnly()
    {
        var role = await gateway.CreateRoleAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var session = await gateway.OpenSessionAsync(role, """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]}""");
        var self = role.Replace(":role/", ":assumed-role/", StringComparison.Ordinal) + "/build";
        var calls = Calls("kms:ListAliases");

        var own = await gateway.AskAsync(session, "/policy/simulate", new { principal = self, calls });
        var asRole = await gateway.AskAsync(session, "/policy/simulate", new { principal = role, calls });
        var other = await gateway.AskAsync(session, "/policy/simulate", new { principal = $"{self}-2", calls });
        var widened = await gateway.AskAsync(session, "/policy/simulate", new { principal = self, sessionPolicy = Full, calls });

        Assert.Equal((200, "ImplicitDeny"), (own.Status, own["decision"]));
        Assert.Equal("SessionPolicy", own.Body.GetProperty("results")[0].GetProperty("policyType").GetString());
        Assert.All([asRole, other, widened], refused => Assert.Equal((403, "NoPermission"), (refused.Status, refused.Code)));
    }

    [Fact]
    public async Task Simulate_BySessionWithThePermission_MayAskAboutItsRoleAndDraftASessionPolicy()
    {
        var role = await gateway.CreateRoleAsync("""{"Effect":"Allow","Action":["kms:*","kmsgw:SimulatePolicy"],"Resource":"*"}""");
        var session = await gateway.OpenSessionAsync(role);
        var self = role.Replace(":role/", ":assumed-role/", StringComparison.Ordinal) + "/build";
        var narrow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]}""";

        Assert.Equal("Allow", (await gateway.AskAsync(session, "/policy/simulate", new { principal = role, calls = Calls("kms:ListAliases") }))["decision"]);
        Assert.Equal("ImplicitDeny", (await gateway.AskAsync(session, "/policy/simulate", new { principal = self, sessionPolicy = narrow, calls = Calls("kms:ListAliases") }))["decision"]);
    }

    [Fact]
    public async Task Principal_UnknownOrForeign_AnswerAlike()
    {
        var unknown = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = $"acs:ram::{ApiGateway.Account}:user/nobody-at-all", calls = Calls("kms:ListKeys") });
        var foreign = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = $"acs:ram::{OtherAccount}:user/nobody-at-all", calls = Calls("kms:ListKeys") });
        var foreignRoot = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = $"acs:ram::{OtherAccount}:root", calls = Calls("kms:ListKeys") });

        Assert.Equal((404, "EntityNotExist.User"), (unknown.Status, unknown.Code));
        Assert.Equal(Plain(unknown), Plain(foreign));
        Assert.Equal(Plain(unknown), Plain(foreignRoot));

        static string Plain(ApiAnswer answer) => answer.Text.Replace(answer.RequestId, "-", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alias_UnknownOrForeign_AnswerAlike()
    {
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:Encrypt","Resource":"acs:kms:*:*:key/k*"}""");
        var unknown = await AskAsync("alias/nobody-knows-it");
        var foreign = await AskAsync($"acs:kms:cn-hangzhou:{OtherAccount}:alias/nobody-knows-it");
        var elsewhere = await AskAsync($"acs:kms:cn-beijing:{ApiGateway.Account}:alias/nobody-knows-it");

        Assert.Equal("ImplicitDeny", unknown["decision"]);
        Assert.Equal(unknown.WithoutId(), Same(foreign, $"acs:kms:cn-hangzhou:{OtherAccount}"));
        Assert.Equal(unknown.WithoutId(), Same(elsewhere, $"acs:kms:cn-beijing:{ApiGateway.Account}"));

        Task<ApiAnswer> AskAsync(string alias) => gateway.AskAsync(gateway.Root, "/policy/simulate", new
        {
            principal = alice.Arn,
            calls = Calls("kms:Encrypt", alias),
            context = new Dictionary<string, string> { ["acs:CurrentTime"] = "2026-03-04T05:06:07Z" },
        });
        static string Same(ApiAnswer answer, string scope) => answer.WithoutId()
            .Replace($"\"asked\":\"{scope}:", "\"asked\":\"", StringComparison.Ordinal)
            .Replace(scope, $"acs:kms:cn-hangzhou:{ApiGateway.Account}", StringComparison.Ordinal)
            .Replace("\"reason\":\"Account\"", "\"reason\":\"ResourceId\"", StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameQuestion_SameBytes()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"), ("Team", "Blue"));
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Team":"Red"}}}""");
        var context = new Dictionary<string, string> { ["acs:CurrentTime"] = "2026-03-04T05:06:07Z", ["acs:SourceIp"] = "10.0.0.1" };
        var turned = new Dictionary<string, string> { ["acs:SourceIp"] = "10.0.0.1", ["acs:CurrentTime"] = "2026-03-04T05:06:07Z" };
        var first = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = alice.Arn, explain = "all", context, calls = Calls("kms:*", key) });
        var again = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { principal = alice.Arn, explain = "all", context = turned, calls = Calls("kms:*", key) });
        Assert.Equal(first.WithoutId(), again.WithoutId());

        var grid = new { principals = new[] { alice.Arn }, actions = new[] { "kms:*" }, resources = new[] { key }, contexts = new { c = context } };
        Assert.Equal(
            (await gateway.AskAsync(gateway.Root, "/policy/matrix", grid)).WithoutId(),
            (await gateway.AskAsync(gateway.Root, "/policy/matrix", grid)).WithoutId());
    }

    [Fact]
    public async Task Simulation_IsRecordedWithNamesAndDecisionAndWithoutDocuments()
    {
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var draft = """{"Version":"1","Statement":[{"Sid":"markerSid","Effect":"Allow","Action":"kms:*","Resource":"*"}]}""";
        var answer = await gateway.AskAsync(gateway.Root, "/policy/simulate", new
        {
            principal = alice.Arn,
            policies = new[] { new { name = "Draft", document = draft } },
            calls = Calls("kms:Encrypt", "key/k1"),
            context = new Dictionary<string, string> { ["acs:SourceIp"] = "10.99.98.97" },
        });
        var recorded = gateway.EventOf(answer["requestId"])!.Value;

        Assert.Equal("SimulatePolicy", recorded.GetProperty("eventName").GetString());
        Assert.Equal("Simulator", recorded.GetProperty("serviceName").GetString());
        var parameters = recorded.GetProperty("requestParameters");
        Assert.Equal(alice.Arn, parameters.GetProperty("Principal").GetString());
        Assert.Equal("Draft", parameters.GetProperty("Policies").GetString());
        Assert.Equal("kms:Encrypt", parameters.GetProperty("Actions").GetString());
        Assert.Equal("key/k1", parameters.GetProperty("Resources").GetString());
        Assert.Equal("Allow", parameters.GetProperty("Decision").GetString());
        Assert.Equal("kmsgw:SimulatePolicy", recorded.GetProperty("additionalEventData").GetProperty("decision").GetProperty("action").GetString());
        Assert.DoesNotContain("markerSid", recorded.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.99.98.97", recorded.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task Calls_AreLimited(int count, int status) => Check(status, "calls", "100", await gateway.AskAsync(gateway.Root, "/policy/simulate", new
    {
        policies = new[] { new { document = Full } },
        explain = "none",
        calls = Enumerable.Repeat(new { action = "kms:ListKeys" }, count),
    }));

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task Tags_AreLimited(int count, int status) => Check(status, "tags", "100", await gateway.AskAsync(gateway.Root, "/policy/simulate", new
    {
        policies = new[] { new { document = Full } },
        explain = "none",
        calls = Calls("kms:Encrypt", [.. Enumerable.Range(0, count).Select(i => $"k{i}")]),
        tags = Enumerable.Range(0, count).ToDictionary(i => $"k{i}", _ => new { Project = "Apollo" }),
    }));

    /// <summary>As many as may be are more documents than a request may bring, which is what is told of them.</summary>
    [Theory]
    [InlineData(100, "at most 20 policies")]
    [InlineData(101, "at most 100 entries")]
    public async Task KeyPolicies_AreLimited(int count, string limit) => Check(400, "keyPolicies", limit, await gateway.AskAsync(gateway.Root, "/policy/simulate", new
    {
        policies = new[] { new { document = Full } },
        calls = Calls("kms:Encrypt", [.. Enumerable.Range(0, count).Select(i => $"k{i}")]),
        keyPolicies = Enumerable.Range(0, count).ToDictionary(i => $"k{i}", _ => """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1234567890123456:user/alice"]},"Action":"kms:Encrypt","Resource":"*"}]}"""),
    }));

    [Theory]
    [InlineData(20, 200)]
    [InlineData(21, 400)]
    public async Task Policies_AreLimited(int count, int status) => Check(status, "policies", "20", await gateway.AskAsync(gateway.Root, "/policy/simulate", new
    {
        policies = Enumerable.Repeat(new { document = Full }, count),
        calls = Calls("kms:ListKeys"),
    }));

    [Theory]
    [InlineData(20, 200)]
    [InlineData(21, 400)]
    public async Task Results_AreLimited(int calls, int status) => Check(status, "calls", "2000", await gateway.AskAsync(gateway.Root, "/policy/simulate", new
    {
        policies = new[] { new { document = Full } },
        explain = "none",
        calls = Enumerable.Repeat(new { action = "kms:Encrypt", resources = Enumerable.Range(0, 100).Select(i => $"k{i}") }, calls),
    }));

    [Theory]
    [InlineData(64 * 1024, "MalformedPolicyDocument")]
    [InlineData((64 * 1024) + 1, "InvalidParameter")]
    public async Task Document_IsLimited(int bytes, string code)
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/simulate", new { policies = new[] { new { document = new string(' ', bytes) } }, calls = Calls("kms:ListKeys") });
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.True(code != "InvalidParameter" || answer["Message"].Contains("65536", StringComparison.Ordinal));
    }

    [Fact]
    public void Limiter_TakesABurstAndRefills()
    {
        var clock = new TestClock(DateTimeOffset.UnixEpoch);
        using var limiter = new SimulatorLimiter(clock);
        for (var i = 0; i < SimulatorLimiter.Burst; i++)
        {
            Assert.True(limiter.TryTake("a", out _));
        }

        Assert.False(limiter.TryTake("a", out var wait));
        Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Assert.True(limiter.TryTake("b", out _));
        clock.Advance(wait);
        Assert.True(limiter.TryTake("a", out _));
        Assert.False(limiter.TryTake("a", out _));
    }

    [Fact]
    public async Task Limiter_LetsSoManyRunAndSoManyWait()
    {
        using var limiter = new SimulatorLimiter(TimeProvider.System);
        var turns = Enumerable.Range(0, SimulatorLimiter.MaxRunning + SimulatorLimiter.MaxWaiting).Select(_ => limiter.EnterAsync(CancellationToken.None)).ToArray();

        Assert.Equal(SimulatorLimiter.MaxRunning, turns.Count(turn => turn.IsCompleted));
        Assert.Null(await limiter.EnterAsync(CancellationToken.None));
        foreach (var turn in turns)
        {
            (await turn)!.Dispose();
        }

        using var next = await limiter.EnterAsync(CancellationToken.None);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Throttled_SaysWhenToComeBack_AndRealTrafficGoesOn()
    {
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        ApiAnswer answer;
        var sent = 0;
        do
        {
            answer = await gateway.AskAsync(alice.Caller, "/policy/validate", new { document = "{}" });
        }
        while (answer.Status == 200 && ++sent < 5_000);

        Assert.Equal((400, "Throttling.User"), (answer.Status, answer.Code));
        Assert.InRange(sent, SimulatorLimiter.Burst, 4_999);
        Assert.Equal("OK", (await gateway.KmsAsync(alice.Caller, "ListKeys")).Code);
        Assert.Equal(200, (await gateway.AskAsync(gateway.Root, "/policy/validate", new { document = "{}" })).Status);
    }

    private static void Check(int status, string parameter, string limit, ApiAnswer answer)
    {
        Assert.Equal(status, answer.Status);
        if (status != 200)
        {
            Assert.Contains($"\"{parameter}\"", answer["Message"], StringComparison.Ordinal);
            Assert.Contains(limit, answer["Message"], StringComparison.Ordinal);
        }
    }

    private static object[] Calls(string action, params string[] resources) => [new { action, resources }];
}
