namespace KmsGateway.Gateway.Tests.Pipeline;

/// <summary>
/// Descriptors are cached without a clock: what changes between two calls must hold for the second, whichever way it turns
/// (decisions.md D2, D3; threats.md 14, 16, 17).
/// </summary>
public sealed class DecisionFreshnessTests : IAsyncLifetime
{
    private const string UseApollo =
        """{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":["Apollo"]}}}""";

    private ApiGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await ApiGateway.StartAsync();

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task Encrypt_TagRemovedAfterAnAllowedCall_IsDeniedAtOnce()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alice = await gateway.CreateUserAsync("alice", UseApollo);
        Assert.Equal("OK", (await EncryptAsync(alice, key)).Code);

        await gateway.KmsAsync(gateway.Root, "UntagResource", ("KeyId", key), ("TagKeys", """["Project"]"""));

        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(alice, key)).Code);
    }

    [Fact]
    public async Task Encrypt_TagAddedAfterADeniedCall_IsAllowedAtOnce()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await gateway.CreateUserAsync("alice", UseApollo);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(alice, key)).Code);
        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(alice, key)).Code);

        await gateway.KmsAsync(gateway.Root, "TagResource", ("KeyId", key), ("Tags", """[{"TagKey":"Project","TagValue":"Apollo"}]"""));

        Assert.Equal("OK", (await EncryptAsync(alice, key)).Code);
    }

    [Fact]
    public async Task Encrypt_AliasMovedToAnotherKey_UsesAndJudgesTheNewKey()
    {
        var apollo = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var other = await gateway.CreateKeyAsync();
        var alice = await gateway.CreateUserAsync("alice", UseApollo);
        await gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", apollo));
        Assert.Equal(apollo, (await EncryptAsync(alice, "alias/app"))["KeyId"]);

        Assert.Equal("OK", (await gateway.KmsAsync(gateway.Root, "UpdateAlias", ("AliasName", "alias/app"), ("KeyId", other))).Code);

        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(alice, "alias/app")).Code);
        Assert.Equal(other, (await EncryptAsync(gateway.Root, "alias/app"))["KeyId"]);
    }

    [Fact]
    public async Task Encrypt_AliasDeletedAndMadeAgain_FollowsIt()
    {
        var first = await gateway.CreateKeyAsync();
        var second = await gateway.CreateKeyAsync();
        await gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", first));
        Assert.Equal(first, (await EncryptAsync(gateway.Root, "alias/app"))["KeyId"]);

        Assert.Equal("OK", (await gateway.KmsAsync(gateway.Root, "DeleteAlias", ("AliasName", "alias/app"))).Code);
        Assert.Equal("Forbidden.AliasNotFound", (await EncryptAsync(gateway.Root, "alias/app")).Code);
        await gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", second));

        Assert.Equal(second, (await EncryptAsync(gateway.Root, "alias/app"))["KeyId"]);
    }

    [Fact]
    public async Task Encrypt_PolicyDetached_IsDeniedAtOnce()
    {
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alice = await gateway.CreateUserAsync("alice", UseApollo);
        Assert.Equal("OK", (await EncryptAsync(alice, key)).Code);

        await gateway.RamAsync("DetachPolicyFromUser", ("PolicyName", "alice-policy"), ("PolicyType", "Custom"), ("UserName", "alice"));

        Assert.Equal("Forbidden.NoPermission", (await EncryptAsync(alice, key)).Code);
    }

    [Fact]
    public async Task CreateAlias_TakenName_IsToldSoAndNotStale()
    {
        var key = await gateway.CreateKeyAsync();
        await gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", key));

        Assert.Equal("AliasAlreadyExists", (await gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", key))).Code);
    }

    private Task<ApiAnswer> EncryptAsync(ApiCaller caller, string key) =>
        gateway.KmsAsync(caller, "Encrypt", ("KeyId", key), ("Plaintext", "aGVsbG8="));
}
