using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Authorization;

/// <summary>Key policies together with identity policies, in one account (ram-policy.md R-EVAL-5, -7, -10, R-PRN-4).</summary>
public sealed class KeyPolicyTests : IAsyncLifetime
{
    private const string Nothing = """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""";
    private const string MayUse = """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""";

    private ApiGateway gateway = null!;
    private string key = null!;

    public async Task InitializeAsync()
    {
        gateway = await ApiGateway.StartAsync();
        key = await gateway.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task GetKeyPolicy_WithoutOne_IsTheDefaultAndSettingItChangesNoDecision()
    {
        var (alice, bob) = (await gateway.CreateUserAsync("alice", MayUse), await gateway.CreateUserAsync("bob", Nothing));
        var policy = await GetAsync();
        Assert.Equal(
            """{"Version":"1","Statement":[{"Sid":"kms default key policy","Effect":"Allow","Action":["kms:*"],"Principal":{"RAM":["acs:ram::1234567890123456:*"]},"Resource":["*"]}]}""",
            policy);
        Assert.Equal("OK", (await SetAsync(policy)).Code);
        Assert.Equal("OK", (await EncryptAsync(alice)).Code);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(bob)).Code);
    }

    [Fact]
    public async Task SetKeyPolicy_AllowForAUser_SufficesAndGoesWithIt()
    {
        var bob = await gateway.CreateUserAsync("bob", Nothing);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(bob)).Code);
        await SetAsync(Policy("Allow", "user/bob"));
        Assert.Equal(Policy("Allow", "user/bob"), await GetAsync());
        Assert.Equal("OK", (await EncryptAsync(bob)).Code);
        await SetAsync(Policy("Allow", "user/bobby"));
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(bob)).Code);
    }

    [Fact]
    public async Task SetKeyPolicy_Deny_WinsOverIdentityPoliciesAndNotOverRoot()
    {
        var alice = await gateway.CreateUserAsync("alice", MayUse);
        Assert.Equal("OK", (await EncryptAsync(alice)).Code);
        await SetAsync(Policy("Deny", "*"));
        var denied = await EncryptAsync(alice);
        Assert.Equal(("ExplicitDeny", "ResourceBasedPolicy"), (denied["AccessDeniedDetail", "NoPermissionType"], denied["AccessDeniedDetail", "PolicyType"]));
        Assert.Equal("OK", (await EncryptAsync(gateway.Root)).Code);
        await SetAsync(Policy("Deny", "user/somebody"));
        Assert.Equal("OK", (await EncryptAsync(alice)).Code);
    }

    [Fact]
    public async Task SetKeyPolicy_ByThoseWithThePermissionOnly()
    {
        var user = await gateway.CreateUserAsync("user", """{"Effect":"Allow","Action":["kms:Encrypt","kms:GetKeyPolicy"],"Resource":"*"}""");
        Assert.Equal("OK", (await gateway.KmsAsync(user, "GetKeyPolicy", ("KeyId", key))).Code);
        Assert.Equal("Forbidden.NoPermission", (await gateway.KmsAsync(user, "SetKeyPolicy", ("KeyId", key), ("Policy", Policy("Allow", "user/user")))).Code);
    }

    [Theory]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""", "Principal")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:*","Resource":"*","Principal":{"RAM":"acs:ram::1:root"}}]}""", "/Statement/0/Action")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"acs:kms:*:*:key/1","Principal":{"RAM":"acs:ram::1:root"}}]}""", "/Statement/0/Resource")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":{"RAM":"*"}}]}""", "/Statement/0/Principal")]
    [InlineData("""{"Version":"1","Version":"1","Statement":[]}""", "Policy")]
    public async Task SetKeyPolicy_WhatIsNoKeyPolicy_IsRefusedAndNamed(string policy, string mention)
    {
        var refused = await SetAsync(policy);
        Assert.Equal((400, "InvalidParameter"), (refused.Status, refused.Code));
        Assert.Contains("\"Policy\"", refused["Message"], StringComparison.Ordinal);
        Assert.Contains(mention, refused["Message"], StringComparison.Ordinal);
        Assert.Contains("kms default key policy", await GetAsync(), StringComparison.Ordinal);
        var made = await gateway.KmsAsync(gateway.Root, "CreateKey", ("Policy", policy));
        Assert.Equal((refused.Status, refused.Code, refused["Message"]), (made.Status, made.Code, made["Message"]));
    }

    [Theory]
    [InlineData(32768, "OK")]
    [InlineData(32769, "InvalidParameter")]
    public async Task SetKeyPolicy_AtItsLimit(int length, string code)
    {
        var policy = Policy("Allow", "root").Replace("\"Effect\"", "\"Sid\":\"s\",\"Effect\"", StringComparison.Ordinal);
        var padding = string.Join(',', Enumerable.Repeat("\"kms:Encrypt\"", 2300));
        policy = policy.Replace("\"kms:*\"", padding, StringComparison.Ordinal);
        policy = policy.Replace("\"s\"", $"\"{new string('s', Math.Min(128, length - policy.Length + 1))}\"", StringComparison.Ordinal);
        policy += new string(' ', length - policy.Length);
        Assert.Equal(code, (await SetAsync(policy)).Code);
        Assert.Equal(code, (await gateway.KmsAsync(gateway.Root, "CreateKey", ("Policy", policy))).Code);
    }

    [Fact]
    public async Task CreateKey_WithPolicy_HoldsForTheFirstCallAndIsRecorded()
    {
        var bob = await gateway.CreateUserAsync("bob", Nothing);
        var made = await gateway.KmsAsync(gateway.Root, "CreateKey", ("Policy", Policy("Allow", "user/bob")));
        Assert.Equal("OK", made.Code);
        key = made["KeyMetadata", "KeyId"];
        Assert.Equal(Policy("Allow", "user/bob"), await GetAsync());
        Assert.Equal("OK", (await EncryptAsync(bob)).Code);
        Assert.Equal(Policy("Allow", "user/bob"), gateway.EventOf(made.RequestId)!.Value.GetProperty("requestParameters").GetProperty("Policy").GetString());
    }

    [Fact]
    public async Task SetKeyPolicy_ServiceKey_IsRefused() => Assert.Equal(
        "Rejected.UnsupportedOperation",
        (await gateway.KmsAsync(gateway.Root, "SetKeyPolicy", ("KeyId", (await gateway.KmsAsync(gateway.Root, "DescribeKey", ("KeyId", "alias/acs/ram")))["KeyMetadata", "KeyId"]), ("Policy", Policy("Allow", "root")))).Code);

    private static string Policy(string effect, string principal) =>
        $$$"""{"Version":"1","Statement":[{"Effect":"{{{effect}}}","Action":["kms:*"],"Resource":["*"],"Principal":{"RAM":["acs:ram::1234567890123456:{{{principal}}}"]}}]}""";

    private Task<ApiAnswer> SetAsync(string policy) => gateway.KmsAsync(gateway.Root, "SetKeyPolicy", ("KeyId", key), ("Policy", policy));

    private async Task<string> GetAsync() => (await gateway.KmsAsync(gateway.Root, "GetKeyPolicy", ("KeyId", key)))["Policy"];

    private Task<ApiAnswer> EncryptAsync(ApiCaller caller) => gateway.KmsAsync(caller, "Encrypt", ("KeyId", key), ("Plaintext", "aGVsbG8="));
}
