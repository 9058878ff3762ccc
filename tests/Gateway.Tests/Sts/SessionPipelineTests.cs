using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Sts;

/// <summary>The whole service with sessions: who may open one, what it may do, and what its events say.</summary>
public sealed class SessionPipelineTests : IAsyncLifetime
{
    private const string MayAssume = """{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}""";
    private const string Foreign = "2222333344445555";

    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 1, 8, 30, 0, TimeSpan.Zero));
    private ApiGateway gateway = null!;
    private string key = null!;

    public async Task InitializeAsync()
    {
        gateway = await ApiGateway.StartAsync(clock);
        key = await gateway.CreateKeyAsync();
        await CreateRoleAsync("ci", """{"RAM":"acs:ram::1234567890123456:root"}""");
    }

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task AssumeRole_NeedsTheCallersPermissionAndTheRolesTrust()
    {
        var both = await gateway.CreateUserAsync("both", MayAssume);
        var neither = await gateway.CreateUserAsync("neither", """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var denied = await gateway.CreateUserAsync("denied", """{"Effect":"Deny","Action":"sts:*","Resource":"*"}""");
        Assert.Equal("OK", (await AssumeAsync(both)).Code);

        var refused = await AssumeAsync(neither);
        Assert.Equal((403, "NoPermission"), (refused.Status, refused.Code));
        Assert.Equal("sts:AssumeRole", refused["AccessDeniedDetail", "AuthAction"]);
        Assert.Equal("AccountLevelIdentityBasedPolicy", refused["AccessDeniedDetail", "PolicyType"]);
        Assert.Equal("ExplicitDeny", (await AssumeAsync(denied))["AccessDeniedDetail", "NoPermissionType"]);

        await CreateRoleAsync("closed", """{"RAM":"acs:ram::1234567890123456:user/somebody"}""");
        var untrusted = await AssumeAsync(both, "closed");
        Assert.Equal((403, "AssumeRolePolicy"), (untrusted.Status, untrusted["AccessDeniedDetail", "PolicyType"]));
    }

    [Theory]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:user/alice"}""", "{}", "OK")]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:user/bob"}""", "{}", "NoPermission")]
    [InlineData("""{"RAM":"acs:ram::2222333344445555:root"}""", "{}", "NoPermission")]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:role/alice"}""", "{}", "NoPermission")]
    [InlineData("""{"Service":"ecs.aliyuncs.com"}""", "{}", "NoPermission")]
    [InlineData("""{"Federated":"acs:ram::1234567890123456:oidc-provider/alice"}""", "{}", "NoPermission")]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:root"}""", """{"StringEquals":{"sts:ExternalId":"7"}}""", "NoPermission")]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:root"}""", """{"StringEquals":{"sts:ExternalId":"42"}}""", "OK")]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:root"}""", """{"Bool":{"acs:MFAPresent":"true"}}""", "NoPermission")]
    [InlineData("""{"RAM":"acs:ram::1234567890123456:root"}""", """{"IpAddress":{"acs:SourceIp":"127.0.0.0/8"}}""", "OK")]
    public async Task AssumeRole_TrustPolicy_Decides(string principal, string condition, string code)
    {
        var alice = await gateway.CreateUserAsync("alice", MayAssume);
        await CreateRoleAsync("r", principal, condition);
        Assert.Equal(code, (await AssumeAsync(alice, "r", ("ExternalId", "42"))).Code);
    }

    [Fact]
    public async Task AssumeRole_RoleThatDoesNotExist_IsToldOnlyToThoseWhoMayAssumeIt()
    {
        var permitted = await gateway.CreateUserAsync("permitted", MayAssume);
        var stranger = await gateway.CreateUserAsync("stranger", """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        Assert.Equal((404, "EntityNotExist.Role"), Short(await AssumeAsync(permitted, "nothing")));
        Assert.Equal((403, "NoPermission"), Short(await AssumeAsync(stranger, "nothing")));

        var foreign = await gateway.CallAsync(
            permitted, ActionCatalogue.StsVersion, "AssumeRole", ("RoleArn", $"acs:ram::{Foreign}:role/ci"), ("RoleSessionName", "nightly"));
        Assert.Equal((403, "NoPermission"), Short(foreign));
        Assert.Equal((403, "NoPermission"), Short(await AssumeAsync(gateway.Root, "nothing")));
    }

    [Fact]
    public async Task Session_InEveryPlace_IsAcceptedAndActsAsItsRole()
    {
        var session = await OpenAsync();
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(session)).Code);
        await AttachAsync("ci", """{"Effect":"Allow","Action":["kms:Encrypt","sts:AssumeRole"],"Resource":"*"}""");
        Assert.Equal("OK", (await EncryptAsync(session)).Code);
        var bare = session with { SecurityToken = null };
        Assert.Equal("OK", (await EncryptAsync(bare, ("SecurityToken", session.SecurityToken!))).Code);
        Assert.Equal("OK", (await EncryptAsync(bare, ("STSToken", session.SecurityToken!))).Code);
        Assert.Equal("MissingSecurityToken", (await EncryptAsync(bare)).Code);
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", (await EncryptAsync(session, ("STSToken", "another"))).Code);
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", (await EncryptAsync(gateway.Root with { SecurityToken = session.SecurityToken })).Code);
        Assert.Equal("SignatureDoesNotMatch", (await EncryptAsync(session with { AccessKeySecret = "wrong" })).Code);

        var who = await gateway.CallAsync(session, ActionCatalogue.StsVersion, "GetCallerIdentity");
        Assert.Equal("acs:ram::1234567890123456:assumed-role/ci/nightly", who["Arn"]);
        Assert.Equal("AssumedRoleUser", who["IdentityType"]);
    }

    [Fact]
    public async Task Session_WithAPolicy_MayWhatBothAllow()
    {
        await AttachAsync("ci", """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var narrowed = await OpenAsync(("Policy", """{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","ram:*"],"Resource":"*"}]}"""));
        Assert.Equal("OK", (await EncryptAsync(narrowed)).Code);
        var denied = await gateway.KmsAsync(narrowed, "DescribeKey", ("KeyId", key));
        Assert.Equal("SessionPolicy", denied["AccessDeniedDetail", "PolicyType"]);
        Assert.Equal("AssumedRoleUser", denied["AccessDeniedDetail", "AuthPrincipalType"]);
        Assert.Equal("ci:nightly", denied["AccessDeniedDetail", "AuthPrincipalDisplayName"]);
        var notGranted = await gateway.CallAsync(narrowed, ActionCatalogue.RamVersion, "ListUsers");
        Assert.Equal("AccountLevelIdentityBasedPolicy", notGranted["AccessDeniedDetail", "PolicyType"]);
    }

    [Fact]
    public async Task Session_Expired_IsToldSoAndItsEventsNameIt()
    {
        await AttachAsync("ci", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""");
        var session = await OpenAsync(("DurationSeconds", "900"));
        var good = await EncryptAsync(session);
        clock.Advance(TimeSpan.FromSeconds(900));
        var late = await EncryptAsync(session);
        Assert.Equal((400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."), (late.Status, late.Code, late["Message"]));
        foreach (var answer in new[] { good, late })
        {
            var identity = gateway.EventOf(answer.RequestId)!.Value.GetProperty("userIdentity");
            Assert.Equal("assumed-role", identity.GetProperty("type").GetString());
            Assert.Equal("ci:nightly", identity.GetProperty("userName").GetString());
            Assert.Equal(session.AccessKeyId, identity.GetProperty("accessKeyId").GetString());
        }

        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains(session.SecurityToken!, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains(session.AccessKeySecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_AssumesAnotherRole_WhenItsOwnMayAndItIsTrusted()
    {
        await CreateRoleAsync("deploy", """{"RAM":"acs:ram::1234567890123456:role/ci"}""");
        var session = await OpenAsync();
        Assert.Equal("NoPermission", (await AssumeAsync(session, "deploy")).Code);
        await AttachAsync("ci", MayAssume);
        var chained = CallerOf(await AssumeAsync(session, "deploy"));
        Assert.Equal("acs:ram::1234567890123456:assumed-role/deploy/nightly", (await gateway.CallAsync(chained, ActionCatalogue.StsVersion, "GetCallerIdentity"))["Arn"]);
        await gateway.RamAsync("DeleteRole", ("RoleName", "deploy"));
        Assert.Equal("InvalidSecurityToken.Expired", (await EncryptAsync(chained)).Code);
    }

    [Theory]
    [InlineData("DurationSeconds", "899", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "900", "OK")]
    [InlineData("DurationSeconds", "3600", "OK")]
    [InlineData("DurationSeconds", "3601", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "43201", "InvalidParameter.DurationSeconds")]
    [InlineData("RoleSessionName", "x", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "xy", "OK")]
    [InlineData("RoleSessionName", "1234567890123456789012345678901234567890123456789012345678901234", "OK")]
    [InlineData("RoleSessionName", "12345678901234567890123456789012345678901234567890123456789012345", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "two words", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "A.b@c-d_9", "OK")]
    [InlineData("RoleArn", "acs:ram::1234567890123456:user/ci", "InvalidParameter.RoleArn")]
    [InlineData("ExternalId", "x", "InvalidParameter.ExternalId")]
    [InlineData("Policy", "{}", "InvalidParameter.PolicyGrammar")]
    public async Task AssumeRole_ParametersAtTheirLimits(string name, string value, string code)
    {
        var alice = await gateway.CreateUserAsync("alice", MayAssume);
        Assert.Equal(code, (await AssumeAsync(alice, "ci", (name, value))).Code);
    }

    [Theory]
    [InlineData(2048, "OK")]
    [InlineData(2049, "InvalidParameter.PolicySize")]
    public async Task AssumeRole_PolicyAtItsLimit(int length, string code)
    {
        var alice = await gateway.CreateUserAsync("alice", MayAssume);
        var policy = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";
        Assert.Equal(code, (await AssumeAsync(alice, "ci", ("Policy", policy + new string(' ', length - policy.Length)))).Code);
    }

    private static (int Status, string Code) Short(ApiAnswer answer) => (answer.Status, answer.Code);

    private static ApiCaller CallerOf(ApiAnswer answer)
    {
        Assert.Equal("OK", answer.Code);
        return new ApiCaller(answer["Credentials", "AccessKeyId"], answer["Credentials", "AccessKeySecret"], answer["Credentials", "SecurityToken"]);
    }

    private async Task<ApiCaller> OpenAsync(params (string Name, string Value)[] more) =>
        CallerOf(await AssumeAsync(await gateway.CreateUserAsync("opener", MayAssume), "ci", more));

    private Task<ApiAnswer> AssumeAsync(ApiCaller caller, string role = "ci", params (string Name, string Value)[] more) => gateway.CallAsync(
        caller, ActionCatalogue.StsVersion, "AssumeRole",
        [.. new[] { ("RoleArn", $"acs:ram::1234567890123456:role/{role}"), ("RoleSessionName", "nightly") }.Where(pair => more.All(other => other.Name != pair.Item1)), .. more]);

    private Task<ApiAnswer> EncryptAsync(ApiCaller caller, params (string Name, string Value)[] more) =>
        gateway.KmsAsync(caller, "Encrypt", [("KeyId", key), ("Plaintext", "aGVsbG8="), .. more]);

    private async Task CreateRoleAsync(string name, string principal, string condition = "{}") => Assert.Equal("OK", (await gateway.RamAsync(
        "CreateRole", ("RoleName", name),
        ("AssumeRolePolicyDocument", $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{principal}},"Condition":{{condition}}}]}"""))).Code);

    private async Task AttachAsync(string role, string statement)
    {
        Assert.Equal("OK", (await gateway.RamAsync("CreatePolicy", ("PolicyName", $"{role}-role"), ("PolicyDocument", $$"""{"Version":"1","Statement":[{{statement}}]}"""))).Code);
        Assert.Equal("OK", (await gateway.RamAsync("AttachPolicyToRole", ("PolicyName", $"{role}-role"), ("PolicyType", "Custom"), ("RoleName", role))).Code);
    }
}
