using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Authorization;

/// <summary>One service for all rows.</summary>
public sealed class EscalationService : IAsyncLifetime
{
    private int made;

    internal ApiGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Gateway = await ApiGateway.StartAsync();
        await DoAsync("CreateUser", ("UserName", "admin"));
        await DoAsync("CreateGroup", ("GroupName", "admins"));
        await DoAsync("CreatePolicy", ("PolicyName", "shared"), ("PolicyDocument", """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}]}"""));
        await DoAsync("CreatePolicyVersion", ("PolicyName", "shared"), ("PolicyDocument", All));
        await DoAsync("CreateRole", ("RoleName", "power"), ("AssumeRolePolicyDocument", Trust("user/admin")));
        await DoAsync("AttachPolicyToRole", ("RoleName", "power"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
    }

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    internal const string All = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    internal static string Trust(string who) =>
        $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1234567890123456:{{{who}}}"}}]}""";

    /// <summary>A user with this one statement; the policy <c>shared</c> is attached too, as to everybody.</summary>
    internal async Task<(ApiCaller Caller, string Name)> NewUserAsync(string statement)
    {
        var name = $"user{++made}";
        var caller = await Gateway.CreateUserAsync(name, statement.Replace("@me", name, StringComparison.Ordinal));
        await DoAsync("AttachPolicyToUser", ("UserName", name), ("PolicyName", "shared"), ("PolicyType", "Custom"));
        return (caller, name);
    }

    internal async Task DoAsync(string action, params (string Name, string Value)[] parameters) =>
        Assert.Equal("OK", (await Gateway.RamAsync(action, parameters)).Code);
}

/// <summary>
/// Rights that could be raised by those who hold other rights: through RAM's writes (threats.md row 15; GHSA-cwq8-g58r-32hg,
/// CVE-2024-9180) and through tags (row 16).
/// </summary>
public sealed class PrivilegeEscalationTests(EscalationService service) : IClassFixture<EscalationService>
{
    private const string KmsOnly = """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""";
    private const string EverythingButRamWrites = """{"Effect":"Allow","Action":["kms:*","ram:Get*","ram:List*","sts:*"],"Resource":"*"}""";
    private const string OnlyOneself = """{"Effect":"Allow","Action":"ram:*","Resource":["acs:ram:*:*:user/@me"]}""";
    private const string AllButDenied = """{"Effect":"Deny","Action":"ram:*","Resource":"*"},{"Effect":"Allow","Action":"*","Resource":"*"}""";

    private static readonly Dictionary<string, (string Name, string Value)[]> Ways = new(StringComparer.Ordinal)
    {
        ["AttachPolicyToUser"] = [("UserName", "@me"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System")],
        ["AttachPolicyToGroup"] = [("GroupName", "admins"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System")],
        ["AttachPolicyToRole"] = [("RoleName", "power"), ("PolicyName", "shared"), ("PolicyType", "Custom")],
        ["DetachPolicyFromRole"] = [("RoleName", "power"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System")],
        ["AddUserToGroup"] = [("UserName", "@me"), ("GroupName", "admins")],
        ["CreatePolicy"] = [("PolicyName", "mine"), ("PolicyDocument", EscalationService.All)],
        ["CreatePolicyVersion"] = [("PolicyName", "shared"), ("PolicyDocument", EscalationService.All), ("SetAsDefault", "true")],
        ["SetDefaultPolicyVersion"] = [("PolicyName", "shared"), ("VersionId", "v2")],
        ["CreateAccessKey"] = [("UserName", "admin")],
        ["CreateUser"] = [("UserName", "puppet")],
        ["UpdateUser"] = [("UserName", "admin"), ("NewUserName", "formerly")],
        ["CreateRole"] = [("RoleName", "mine"), ("AssumeRolePolicyDocument", EscalationService.Trust("root"))],
        ["UpdateRole"] = [("RoleName", "power"), ("NewAssumeRolePolicyDocument", EscalationService.Trust("root"))],
    };

    public static TheoryData<string, string> Attempts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var way in Ways.Keys)
            {
                data.Add(way, KmsOnly);
                data.Add(way, EverythingButRamWrites);
                data.Add(way, OnlyOneself);
                data.Add(way, AllButDenied);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task RamWrite_WithOtherRights_IsRefusedAndRaisesNothing(string action, string statement)
    {
        var (caller, name) = await service.NewUserAsync(statement);

        var refused = await CallAsync(caller, action, name);

        Assert.Equal((403, "NoPermission", $"ram:{action}"), (refused.Status, refused.Code, refused["AccessDeniedDetail", "AuthAction"]));
        Assert.Equal(403, (await service.Gateway.CallAsync(caller, ActionCatalogue.RamVersion, "CreateGroup", ("GroupName", "loot"))).Status);
        Assert.Equal(403, (await AssumeAsync(caller)).Status);
    }

    [Theory]
    [InlineData("AttachPolicyToUser", "acs:ram:*:*:user/@me", "acs:ram:*:system:policy/AdministratorAccess")]
    [InlineData("AddUserToGroup", "acs:ram:*:*:user/@me", "acs:ram:*:*:group/admins")]
    [InlineData("AttachPolicyToRole", "acs:ram:*:*:role/power", "acs:ram:*:*:policy/shared")]
    public async Task RamWrite_OfTwoResources_NeedsBoth(string action, string one, string other)
    {
        foreach (var half in new[] { one, other })
        {
            var (caller, name) = await service.NewUserAsync($$"""{"Effect":"Allow","Action":"ram:*","Resource":"{{half}}"}""");
            Assert.Equal((403, "NoPermission"), Short(await CallAsync(caller, action, name)));
        }
    }

    [Fact]
    public async Task Session_NarrowedByItsPolicy_CannotWidenItselfThroughItsRole()
    {
        var (caller, name) = await service.NewUserAsync("""{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}""");
        await service.DoAsync("CreateRole", ("RoleName", $"{name}-role"), ("AssumeRolePolicyDocument", EscalationService.Trust($"user/{name}")));
        await service.DoAsync("AttachPolicyToRole", ("RoleName", $"{name}-role"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
        var opened = await AssumeAsync(caller, $"{name}-role", ("Policy", """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"""));
        var session = new ApiCaller(opened["Credentials", "AccessKeyId"], opened["Credentials", "AccessKeySecret"], opened["Credentials", "SecurityToken"]);

        foreach (var action in Ways.Keys)
        {
            var refused = await CallAsync(session, action, name);
            Assert.Equal((403, "NoPermission"), Short(refused));
            Assert.Equal("SessionPolicy", refused["AccessDeniedDetail", "PolicyType"]);
        }

        Assert.Equal("NoPermission", (await AssumeAsync(session, $"{name}-role")).Code);
        Assert.Equal("MissingUserName", (await service.Gateway.CallAsync(session, ActionCatalogue.RamVersion, "CreateAccessKey")).Code);
    }

    [Fact]
    public async Task AssumeRole_WithEveryPermissionButNoTrust_IsRefused()
    {
        var (caller, _) = await service.NewUserAsync("""{"Effect":"Allow","Action":["sts:*","kms:*"],"Resource":"*"}""");
        var refused = await AssumeAsync(caller);
        Assert.Equal((403, "AssumeRolePolicy"), (refused.Status, refused["AccessDeniedDetail", "PolicyType"]));
    }

    [Theory]
    [InlineData("TagResource", "Tags", """[{"TagKey":"Project","TagValue":"Apollo"}]""")]
    [InlineData("UntagResource", "TagKeys", """["Project"]""")]
    public async Task Tags_ByThoseWhoUseKeysByTag_AreRefused(string action, string parameter, string value)
    {
        var (apollo, other) = (await service.Gateway.CreateKeyAsync(("Project", "Apollo")), await service.Gateway.CreateKeyAsync(("Project", "Zeus")));
        var (caller, _) = await service.NewUserAsync(
            """{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}""");

        Assert.Equal("OK", (await EncryptAsync(caller, apollo)).Code);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(caller, other)).Code);
        foreach (var key in new[] { apollo, other })
        {
            Assert.Equal("Forbidden.NoPermission", (await service.Gateway.KmsAsync(caller, action, ("KeyId", key), (parameter, value))).Code);
        }

        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(caller, other)).Code);
    }

    [Fact]
    public async Task Tags_ByThoseWhoMayOnlyTag_GiveThemNoUse()
    {
        var key = await service.Gateway.CreateKeyAsync();
        var (tagger, _) = await service.NewUserAsync("""{"Effect":"Allow","Action":["kms:TagResource","kms:UntagResource"],"Resource":"*"}""");
        Assert.Equal("OK", (await service.Gateway.KmsAsync(tagger, "TagResource", ("KeyId", key), ("Tags", """[{"TagKey":"Project","TagValue":"Apollo"}]"""))).Code);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(tagger, key)).Code);
        Assert.Equal("Forbidden.NoPermission", (await service.Gateway.KmsAsync(tagger, "ListResourceTags", ("KeyId", key))).Code);
    }

    [Fact]
    public async Task Tags_MayBeSetOnOneKey_AreRefusedOnEveryOther()
    {
        var (own, other) = (await service.Gateway.CreateKeyAsync(), await service.Gateway.CreateKeyAsync());
        var (caller, _) = await service.NewUserAsync($$"""{"Effect":"Allow","Action":"kms:TagResource","Resource":"acs:kms:*:*:key/{{own}}"}""");
        const string tags = """[{"TagKey":"Project","TagValue":"Apollo"}]""";
        Assert.Equal("OK", (await service.Gateway.KmsAsync(caller, "TagResource", ("KeyId", own), ("Tags", tags))).Code);
        Assert.Equal("Forbidden.NoPermission", (await service.Gateway.KmsAsync(caller, "TagResource", ("KeyId", other), ("Tags", tags))).Code);
    }

    private static (int Status, string Code) Short(ApiAnswer answer) => (answer.Status, answer.Code);

    private Task<ApiAnswer> CallAsync(ApiCaller caller, string action, string me) => service.Gateway.CallAsync(
        caller, ActionCatalogue.RamVersion, action, [.. Ways[action].Select(pair => (pair.Name, pair.Value == "@me" ? me : pair.Value))]);

    private Task<ApiAnswer> EncryptAsync(ApiCaller caller, string key) => service.Gateway.KmsAsync(caller, "Encrypt", ("KeyId", key), ("Plaintext", "aGVsbG8="));

    private Task<ApiAnswer> AssumeAsync(ApiCaller caller, string role = "power", params (string Name, string Value)[] more) => service.Gateway.CallAsync(
        caller, ActionCatalogue.StsVersion, "AssumeRole",
        [("RoleArn", $"acs:ram::1234567890123456:role/{role}"), ("RoleSessionName", "nightly"), .. more]);
}
