using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Operations;

public sealed class DeletionProtectionTests : IAsyncLifetime
{
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task SetDeletionProtection_On_RefusesDeletionUntilItIsOff()
    {
        var keyId = await core.CreateKeyAsync();

        (await SetAsync(keyId, isOn: true, "the backups need it")).ShouldBeOk();
        Assert.Equal(("Enabled", "the backups need it"), await DescribeAsync(keyId));
        var refused = await core.OnKeyAsync("ScheduleKeyDeletion", keyId);
        refused.ShouldBe(409, "Rejected.StateModifiedFailed");
        Assert.Contains("protected", (string)refused.Json["Message"]!, StringComparison.Ordinal);

        (await SetAsync(keyId, isOn: false, "ignored")).ShouldBeOk();
        Assert.Equal(("Disabled", null), await DescribeAsync(keyId));
        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId)).ShouldBeOk();
    }

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task SetDeletionProtection_DescriptionAtTheLimit_IsTakenAndOneMoreIsNot(int length, bool isTaken)
    {
        var keyId = await core.CreateKeyAsync();
        var description = new string('d', length);

        var answer = await SetAsync(keyId, isOn: true, description);

        Assert.Equal(isTaken ? (200, null) : (400, "DeletionProtectionDescription"), ((int)answer.Status, isTaken ? null : answer.Parameter));
        Assert.Equal(isTaken ? ("Enabled", description) : ("Disabled", null), await DescribeAsync(keyId));
    }

    [Fact]
    public async Task SetDeletionProtection_AcrossARestart_IsKept()
    {
        var keyId = await core.CreateKeyAsync();
        (await SetAsync(keyId, isOn: true, "why")).ShouldBeOk();

        await core.StopCoreAsync();
        await core.StartCoreAsync();

        Assert.Equal(("Enabled", "why"), await DescribeAsync(keyId));
    }

    [Fact]
    public async Task SetDeletionProtection_NamesTheKeyByArnOrIdOrBoth()
    {
        var keyId = await core.CreateKeyAsync();
        var other = await core.CreateKeyAsync();

        (await SendAsync(keyId, new JsonObject { ["KeyId"] = keyId })).ShouldBeOk();
        (await SendAsync(keyId, new JsonObject { ["ProtectedResourceArn"] = TestCore.KeyArn(keyId) })).ShouldBeOk();
        (await SendAsync(keyId, new JsonObject { ["ProtectedResourceArn"] = TestCore.KeyArn(keyId), ["KeyId"] = keyId })).ShouldBeOk();
        (await SendAsync(keyId, new JsonObject { ["ProtectedResourceArn"] = TestCore.KeyArn(keyId), ["KeyId"] = other }))
            .ShouldBe(400, "InvalidParameter", "KeyId");
        (await SendAsync(keyId, [])).ShouldBe(400, "MissingParameter", "ProtectedResourceArn");
        (await SendAsync(keyId, new JsonObject { ["ProtectedResourceArn"] = "acs:kms:cn-beijing:1000000000000001:key/" + keyId }))
            .ShouldBe(404, "Forbidden.KeyNotFound");
        (await core.OnKeyAsync("SetDeletionProtection", keyId)).ShouldBe(400, "MissingParameter", "EnableDeletionProtection");
    }

    [Theory]
    [InlineData(366, 366, true)]
    [InlineData(366, 367, false)]
    [InlineData(100, 100, true)]
    [InlineData(100, 101, false)]
    public async Task ScheduleKeyDeletion_WindowOfTheSetting_IsTheLimit(int setting, int days, bool isTaken)
    {
        await core.StopCoreAsync();
        await core.StartCoreAsync(new CoreQuotas { DeletionWindowDays = setting });
        var keyId = await core.CreateKeyAsync();

        var answer = await core.OnKeyAsync("ScheduleKeyDeletion", keyId, new JsonObject { ["PendingWindowInDays"] = days });

        Assert.Equal(isTaken ? null : "PendingWindowInDays", answer.Parameter);
        Assert.Equal(isTaken, (int)answer.Status == 200);
    }

    [Fact]
    public async Task CreateKey_AtTheQuotaOfVersions_IsRefused()
    {
        await core.StopCoreAsync();
        await core.StartCoreAsync(new CoreQuotas { KeyVersionsPerRegion = 1 });
        _ = await core.ServiceKeyAsync("ram");
        _ = await core.CreateKeyAsync();

        (await core.SendAsync("CreateKey", [], TestCore.KeyBox)).ShouldBe(400, "Rejected.LimitExceeded");
    }

    private Task<CoreAnswer> SetAsync(string keyId, bool isOn, string description) => core.OnKeyAsync(
        "SetDeletionProtection",
        keyId,
        new JsonObject { ["EnableDeletionProtection"] = isOn, ["DeletionProtectionDescription"] = description });

    private async Task<CoreAnswer> SendAsync(string keyId, JsonObject body)
    {
        body["EnableDeletionProtection"] = true;
        return await core.SendAsync("SetDeletionProtection", body, await core.KeyAsync(keyId));
    }

    private async Task<(string Protection, string? Description)> DescribeAsync(string keyId)
    {
        var metadata = (await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!;
        return ((string)metadata["DeletionProtection"]!, (string?)metadata["DeletionProtectionDescription"]);
    }
}
