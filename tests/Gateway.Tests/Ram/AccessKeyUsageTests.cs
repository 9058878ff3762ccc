using System.Text.Json.Nodes;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>Last use of access keys, and what the account uses of its quotas.</summary>
public sealed class AccessKeyUsageTests : RamActionsFixture
{
    [Fact]
    public async Task LastUsed_KeyThatWasNeverUsed_HasNoDate()
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        AssertJson.Equal("""{"AccessKeyLastUsed":{}}""", await LastUsedAsync(id));
    }

    [Fact]
    public async Task LastUsed_NotedAndWritten_IsTheLatestUseBeforeAndAfterAReopening()
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        var at = Ram.Clock.GetUtcNow();
        Ram.Store.Usage.Note(id, "Kms", at);
        Ram.Store.Usage.Note(id, "Ram", at.AddSeconds(-5));
        const string expected = """{"AccessKeyLastUsed":{"LastUsedDate":"2026-01-23T12:33:18Z","ServiceName":"Kms"}}""";
        AssertJson.Equal(expected, await LastUsedAsync(id));
        Assert.Equal(1, await Ram.Store.Usage.FlushAsync(CancellationToken.None));
        Assert.Equal(0, await Ram.Store.Usage.FlushAsync(CancellationToken.None));
        Ram.Reopen();
        AssertJson.Equal(expected, await LastUsedAsync(id));
        Ram.Store.Usage.Note(id, "Ram", at.AddSeconds(-5));
        await Ram.Store.Usage.FlushAsync(CancellationToken.None);
        AssertJson.Equal(expected, await LastUsedAsync(id));
    }

    [Fact]
    public async Task Flush_KeyDeletedMeanwhileOrOfASession_IsPassedOverAndTheOthersWritten()
    {
        await Ram.CreateUserAsync("alice");
        var (gone, _) = await Ram.CreateKeyAsync("alice");
        var (kept, _) = await Ram.CreateKeyAsync("alice");
        foreach (var id in new[] { gone, kept, "STS.session" })
        {
            Ram.Store.Usage.Note(id, "Kms", Ram.Clock.GetUtcNow());
        }

        await Ram.CallAsync("DeleteAccessKey", ("UserName", "alice"), ("UserAccessKeyId", gone));
        Assert.Equal(3, await Ram.Store.Usage.FlushAsync(CancellationToken.None));
        Ram.Reopen();
        Assert.NotNull((await LastUsedAsync(kept))["AccessKeyLastUsed"]!["LastUsedDate"]);
    }

    [Fact]
    public async Task Delete_KeyWithAWrittenUse_TakesTheUseWithIt()
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        Ram.Store.Usage.Note(id, "Kms", Ram.Clock.GetUtcNow());
        await Ram.Store.Usage.FlushAsync(CancellationToken.None);
        await Ram.CallAsync("DeleteAccessKey", ("UserName", "alice"), ("UserAccessKeyId", id));
        Assert.Equal(0, Ram.Store.Database.Read(reader => reader.Number("SELECT count(*) FROM access_key_usage")));
    }

    [Fact]
    public async Task LastUsed_KeyOfAnotherUser_IsNotFound()
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CreateUserAsync("bob");
        var (id, _) = await Ram.CreateKeyAsync("bob");
        Assert.Equal(("EntityNotExist.User.AccessKey", 404), await Ram.RefusalAsync("GetAccessKeyLastUsed", ("UserName", "alice"), ("UserAccessKeyId", id)));
    }

    [Fact]
    public async Task LastUsed_WithoutAUserName_IsAboutTheCaller()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        AssertJson.Equal("""{"AccessKeyLastUsed":{}}""", await Ram.CallAsAsync(alice, "GetAccessKeyLastUsed", ("UserAccessKeyId", id)));
    }

    [Fact]
    public async Task Summary_OfAnAccount_CountsItsOwnAndNamesEveryQuota()
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CreateGroupAsync("g");
        await Ram.CreateRoleAsync("r");
        await Ram.CreatePolicyAsync("p");
        AssertJson.Equal(
            """
            {"SummaryMap":{"Users":1,"UsersQuota":1000,"Groups":1,"GroupsQuota":50,"Roles":1,"RolesQuota":1000,"Policies":1,"PoliciesQuota":1500,
             "PolicySizeQuota":6144,"VersionsPerPolicyQuota":5,"AccessKeysPerUserQuota":2,"GroupsPerUserQuota":5,"AttachedPoliciesPerUserQuota":10,
             "AttachedPoliciesPerGroupQuota":5,"AttachedPoliciesPerRoleQuota":5,"AttachedSystemPoliciesPerUserQuota":20,
             "AttachedSystemPoliciesPerGroupQuota":20,"AttachedSystemPoliciesPerRoleQuota":20,"MFADevices":0,"MFADevicesInUse":0,
             "VirtualMFADevicesQuota":0}}
            """,
            await Ram.CallAsync("GetAccountSummary"));
    }

    private Task<JsonObject> LastUsedAsync(string id) => Ram.CallAsync("GetAccessKeyLastUsed", ("UserName", "alice"), ("UserAccessKeyId", id));
}
