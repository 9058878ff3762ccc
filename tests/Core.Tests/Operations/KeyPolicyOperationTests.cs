using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Key policies as the core keeps them: text, a limit, and a version that makes old decisions stale.</summary>
public sealed class KeyPolicyOperationTests : IAsyncLifetime
{
    private TestCore core = null!;
    private string keyId = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        keyId = await core.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task SetKeyPolicy_OldTickets_AreStaleAndTheSameTextChangesNothing()
    {
        var before = await core.KeyAsync(keyId);
        (await SetAsync("爱")).ShouldBeOk();
        Assert.Equal("""{"Sid":"爱"}""", await GetAsync());
        var after = await core.KeyAsync(keyId);
        Assert.Equal(before.MetadataVersion + 1, after.MetadataVersion);
        Assert.Equal(409, (int)(await core.SendAsync("Encrypt", new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = "x" }, before)).Status);
        (await SetAsync("爱")).ShouldBeOk();
        Assert.Equal(after.MetadataVersion, (await core.KeyAsync(keyId)).MetadataVersion);
    }

    [Fact]
    public async Task SetKeyPolicy_AfterARestart_IsStillThere()
    {
        (await SetAsync("kept")).ShouldBeOk();
        await core.StopCoreAsync();
        await core.StartCoreAsync();
        Assert.Equal("""{"Sid":"kept"}""", await GetAsync());
    }

    [Theory]
    [InlineData(32_758, true)]
    [InlineData(32_759, false)]
    public async Task SetKeyPolicy_AtItsLimit(int padding, bool isTaken)
    {
        var answer = await SetAsync(new string('s', padding));
        if (isTaken)
        {
            answer.ShouldBeOk();
        }
        else
        {
            answer.ShouldBe(400, "InvalidParameter", "Policy");
        }
    }

    [Fact]
    public async Task CreateKey_WithPolicy_HasItFromTheFirstVersionOn()
    {
        var made = await core.CreateKeyAsync(new JsonObject { ["Policy"] = new JsonObject { ["Sid"] = "爱" } });
        Assert.Equal(1, (await core.KeyAsync(made)).MetadataVersion);
        Assert.Equal("""{"Sid":"爱"}""", (string)(await core.OnKeyAsync("GetKeyPolicy", made)).Json["Policy"]!);
        await core.StopCoreAsync();
        await core.StartCoreAsync();
        Assert.Equal("""{"Sid":"爱"}""", (string)(await core.OnKeyAsync("GetKeyPolicy", made)).Json["Policy"]!);
    }

    [Theory]
    [InlineData(32_758, true)]
    [InlineData(32_759, false)]
    public async Task CreateKey_PolicyAtItsLimit_OneMoreLeavesNoKey(int padding, bool isTaken)
    {
        var before = await CountAsync();
        var answer = await core.SendAsync("CreateKey", new JsonObject { ["Policy"] = new JsonObject { ["Sid"] = new string('s', padding) } }, TestCore.KeyBox);
        if (isTaken)
        {
            answer.ShouldBeOk();
        }
        else
        {
            answer.ShouldBe(400, "InvalidParameter", "Policy");
        }

        Assert.Equal(before + (isTaken ? 1 : 0), await CountAsync());
    }

    [Fact]
    public async Task KeyPolicy_BadParameters_AreNamed()
    {
        (await core.OnKeyAsync("SetKeyPolicy", keyId)).ShouldBe(400, "MissingParameter", "Policy");
        (await core.OnKeyAsync("SetKeyPolicy", keyId, new JsonObject { ["Policy"] = "text" })).ShouldBe(400, "InvalidParameter", "Policy");
        (await core.OnKeyAsync("GetKeyPolicy", keyId, new JsonObject { ["PolicyName"] = "other" })).ShouldBe(400, "InvalidParameter", "PolicyName");
    }

    private async Task<int> CountAsync() => (int)(await core.SendAsync("ListKeys", [], TestCore.KeyBox)).Json["TotalCount"]!;

    private Task<CoreAnswer> SetAsync(string sid) =>
        core.OnKeyAsync("SetKeyPolicy", keyId, new JsonObject { ["Policy"] = new JsonObject { ["Sid"] = sid } });

    private async Task<string> GetAsync() => (string)(await core.OnKeyAsync("GetKeyPolicy", keyId)).Json["Policy"]!;
}
