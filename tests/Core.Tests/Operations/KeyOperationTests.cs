using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Operations;

public sealed class KeyOperationTests : IAsyncLifetime
{
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task CreateKey_WithoutParameters_AnswersTheDocumentedMetadata()
    {
        var answer = await core.SendAsync("CreateKey", [], TestCore.KeyBox);

        answer.ShouldBeOk();
        var metadata = answer.Json["KeyMetadata"]!.AsObject();
        var keyId = (string)metadata["KeyId"]!;
        Assert.True(Guid.TryParseExact(keyId, "D", out _) && Guid.TryParseExact((string)metadata["PrimaryKeyVersion"]!, "D", out _));
        _ = metadata.Remove("KeyId") && metadata.Remove("PrimaryKeyVersion");
        var expected = new JsonObject
        {
            ["Arn"] = TestCore.KeyArn(keyId),
            ["Creator"] = TestCore.Account,
            ["CreationDate"] = "2026-03-04T05:06:07Z",
            ["Description"] = "",
            ["KeyState"] = "Enabled",
            ["KeySpec"] = "Aliyun_AES_256",
            ["KeyUsage"] = "ENCRYPT/DECRYPT",
            ["Origin"] = "Aliyun_KMS",
            ["ProtectionLevel"] = "SOFTWARE",
            ["AutomaticRotation"] = "Disabled",
            ["DeleteDate"] = "",
            ["MaterialExpireTime"] = "",
            ["LastRotationDate"] = "2026-03-04T05:06:07Z",
        };
        Assert.True(JsonNode.DeepEquals(expected, metadata), metadata.ToJsonString());
    }

    [Theory]
    [InlineData("""{"KeySpec":"AES"}""", 400, "InvalidParameter", "KeySpec")]
    [InlineData("""{"KeySpec":"RSA_1024"}""", 400, "InvalidParameter", "KeySpec")]
    [InlineData("""{"KeyUsage":"SIGN"}""", 400, "InvalidParameter", "KeyUsage")]
    [InlineData("""{"KeyUsage":"SIGN/VERIFY"}""", 400, "InvalidParameter", "KeyUsage")]
    [InlineData("""{"KeySpec":"EC_P256","KeyUsage":"ENCRYPT/DECRYPT"}""", 400, "InvalidParameter", "KeyUsage")]
    [InlineData("""{"ProtectionLevel":"HSM"}""", 400, "Unsupported.ProtectionLevel", null)]
    [InlineData("""{"ProtectionLevel":"software"}""", 400, "InvalidParameter", "ProtectionLevel")]
    [InlineData("""{"Origin":"external"}""", 400, "InvalidParameter", "Origin")]
    [InlineData("""{"EnableAutomaticRotation":true}""", 400, "InvalidParameter", "RotationInterval")]
    [InlineData("""{"EnableAutomaticRotation":true,"RotationInterval":"6d"}""", 400, "InvalidParameter", "RotationInterval")]
    [InlineData("""{"EnableAutomaticRotation":"true"}""", 400, "InvalidParameter", "EnableAutomaticRotation")]
    [InlineData("""{"DKMSInstanceId":"kst-1"}""", 403, "Forbidden.DKMSInstanceNotFound", null)]
    [InlineData("""{"Policy":"{}"}""", 400, "InvalidParameter", "Policy")]
    [InlineData("""{"Description":1}""", 400, "InvalidParameter", "Description")]
    [InlineData("""{"Tags":{}}""", 400, "InvalidParameter", "Tags")]
    [InlineData("""{"Tags":[{"TagKey":"acs:x","TagValue":"1"}]}""", 400, "InvalidParameter", "Tags")]
    public async Task CreateKey_WhatCannotBe_IsRefusedAndLeavesNothing(string parameters, int status, string code, string? parameter)
    {
        (await core.SendAsync("CreateKey", JsonNode.Parse(parameters)!.AsObject(), TestCore.KeyBox)).ShouldBe(status, code, parameter);

        Assert.Equal(0, (int)(await ListAsync([])).Json["TotalCount"]!);
    }

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task CreateKey_DescriptionAtTheLimit_IsTakenAndOneMoreIsNot(int length, bool isTaken)
    {
        var answer = await core.SendAsync("CreateKey", new JsonObject { ["Description"] = new string('d', length) }, TestCore.KeyBox);

        Assert.Equal(isTaken ? null : "Description", answer.Parameter);
        Assert.Equal(isTaken, (int)answer.Status == 200);
    }

    [Fact]
    public async Task CreateKey_AtTheQuota_IsRefusedAndServiceKeysDoNotCount()
    {
        await core.StopCoreAsync();
        await core.StartCoreAsync(new CoreQuotas { KeysPerRegion = 2 });
        _ = await core.ServiceKeyAsync("ram");
        _ = await core.CreateKeyAsync();
        _ = await core.CreateKeyAsync();

        (await core.SendAsync("CreateKey", [], TestCore.KeyBox)).ShouldBe(400, "Rejected.LimitExceeded");
        _ = await core.ServiceKeyAsync("oss");
    }

    [Fact]
    public async Task DescribeKey_Answer_AddsDeletionProtection()
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["Description"] = "für alle" });

        var metadata = (await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!;

        Assert.Equal(("Disabled", "für alle"), ((string)metadata["DeletionProtection"]!, (string)metadata["Description"]!));
    }

    [Fact]
    public async Task DisableAndEnable_Twice_AreIdempotent()
    {
        var keyId = await core.CreateKeyAsync();

        foreach (var (action, state) in ((string, string)[])[("DisableKey", "Disabled"), ("DisableKey", "Disabled"), ("EnableKey", "Enabled"), ("EnableKey", "Enabled")])
        {
            await ChangeAsync(action, keyId, state);
        }
    }

    [Theory]
    [InlineData("""{}""", "2026-04-03T05:06:07Z")]
    [InlineData("""{"PendingWindowInDays":7}""", "2026-03-11T05:06:07Z")]
    [InlineData("""{"PendingWindowInDays":30}""", "2026-04-03T05:06:07Z")]
    public async Task ScheduleKeyDeletion_Window_GivesTheDate(string parameters, string date)
    {
        var keyId = await core.CreateKeyAsync();

        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId, JsonNode.Parse(parameters)!.AsObject())).ShouldBeOk();

        var metadata = (await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!;
        Assert.Equal(("PendingDeletion", date), ((string)metadata["KeyState"]!, (string)metadata["DeleteDate"]!));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(31)]
    public async Task ScheduleKeyDeletion_WindowOutsideTheLimits_IsRefused(int days)
    {
        var keyId = await core.CreateKeyAsync();

        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId, new JsonObject { ["PendingWindowInDays"] = days }))
            .ShouldBe(400, "InvalidParameter", "PendingWindowInDays");
    }

    [Fact]
    public async Task CancelKeyDeletion_BeforeTheEnd_BringsTheKeyBack()
    {
        var keyId = await core.CreateKeyAsync();
        var blob = await core.EncryptAsync(keyId, "text");
        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));

        (await core.OnKeyAsync("CancelKeyDeletion", keyId)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromDays(60));

        (await core.DecryptAsync(blob)).ShouldBeOk();
    }

    [Fact]
    public async Task Key_AtTheEndOfItsWindow_IsGoneWithItsAliasesAndCiphertexts()
    {
        var keyId = await core.CreateKeyAsync();
        var blob = await core.EncryptAsync(keyId, "text");
        await core.CreateAliasAsync("alias/app", keyId);
        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId)).ShouldBeOk();

        core.Clock.Advance(TimeSpan.FromDays(30));

        (await core.SendAsync("DescribeKey", new JsonObject { ["KeyId"] = keyId }, new TicketResource(TestCore.KeyArn(keyId), 0, 0)))
            .ShouldBe(404, "Forbidden.KeyNotFound");
        (await core.DecryptAsync(blob)).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
        Assert.Equal(0, (int)(await ListAsync([])).Json["TotalCount"]!);
        Assert.Equal(0, (int)(await core.SendAsync("ListAliases", [], TestCore.AliasBox)).Json["TotalCount"]!);
        await core.CreateAliasAsync("alias/app", await core.CreateKeyAsync());
    }

    [Fact]
    public async Task UpdateKeyDescription_Empty_ClearsAndAbsentIsMissing()
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["Description"] = "old" });

        (await core.OnKeyAsync("UpdateKeyDescription", keyId)).ShouldBe(400, "MissingParameter", "Description");
        (await core.OnKeyAsync("UpdateKeyDescription", keyId, new JsonObject { ["Description"] = "" })).ShouldBeOk();

        Assert.Equal("", (string)(await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!["Description"]!);
    }

    [Fact]
    public async Task ListKeys_Pages_AreInOrderOfCreation()
    {
        var keys = new List<string>();
        for (var index = 0; index < 5; index++)
        {
            keys.Add(await core.CreateKeyAsync());
            core.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var page = (await ListAsync(new JsonObject { ["PageNumber"] = 2, ["PageSize"] = 2 })).Json;

        Assert.Equal((2, 2, 5), ((int)page["PageNumber"]!, (int)page["PageSize"]!, (int)page["TotalCount"]!));
        Assert.Equal(keys[2..4], page["Keys"]!["Key"]!.AsArray().Select(key => (string)key!["KeyId"]!));
        Assert.Equal(TestCore.KeyArn(keys[2]), (string)page["Keys"]!["Key"]![0]!["KeyArn"]!);
        Assert.Empty((await ListAsync(new JsonObject { ["PageNumber"] = int.MaxValue, ["PageSize"] = 100 })).Json["Keys"]!["Key"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"PageNumber":0}""", "PageNumber")]
    [InlineData("""{"PageSize":0}""", "PageSize")]
    [InlineData("""{"PageSize":101}""", "PageSize")]
    [InlineData("""{"Filters":{}}""", "Filters")]
    [InlineData("""{"Filters":[{"Key":"Colour","Values":[]}]}""", "Filters")]
    [InlineData("""{"Filters":[{"Key":"1","Values":[]}]}""", "Filters")]
    [InlineData("""{"Filters":[{"Key":"keystate","Values":[]}]}""", "Filters")]
    [InlineData("""{"Filters":[{"Key":"KeyState","Values":[1]}]}""", "Filters")]
    [InlineData("""{"Filters":[{"Key":"KeyState","Values":["\ud800"]}]}""", "Filters")]
    [InlineData("""{"Filters":[{"Key":"KeyState","Values":["1","2","3","4","5","6","7","8","9","10","11"]}]}""", "Filters")]
    [InlineData("""{"Filters":["KeyState"]}""", "Filters")]
    public async Task ListKeys_BadInput_NamesTheParameter(string parameters, string parameter) =>
        (await core.PostAsync("/internal/v1/ListKeys", parameters, core.Tickets.Mint(core.Claims("ListKeys", TestCore.User, TestCore.KeyBox))))
            .ShouldBe(400, "InvalidParameter", parameter);

    [Theory]
    [InlineData("""[]""", 3)]
    [InlineData("""[{"Key":"KeyState","Values":["Disabled"]}]""", 1)]
    [InlineData("""[{"Key":"KeyState","Values":["Disabled"]},{"Key":"KeyState","Values":["Enabled"]}]""", 3)]
    [InlineData("""[{"Key":"KeyState","Values":[]}]""", 3)]
    [InlineData("""[{"Key":"KeyState","Values":["Nonsense"]}]""", 0)]
    [InlineData("""[{"Key":"KeyState","Values":["x' OR '1'='1"]}]""", 0)]
    [InlineData("""[{"Key":"KeySpec","Values":["Aliyun_AES_256","EC_SM2"]}]""", 3)]
    [InlineData("""[{"Key":"KeyUsage","Values":["SIGN/VERIFY"]}]""", 0)]
    [InlineData("""[{"Key":"ProtectionLevel","Values":["SOFTWARE"]}]""", 3)]
    [InlineData("""[{"Key":"CreatorType","Values":["Service"]}]""", 1)]
    [InlineData("""[{"Key":"CreatorType","Values":["User"]},{"Key":"KeyState","Values":["Enabled"]}]""", 1)]
    public async Task ListKeys_Filters_Select(string filters, int count)
    {
        _ = await core.CreateKeyAsync();
        (await core.OnKeyAsync("DisableKey", await core.CreateKeyAsync())).ShouldBeOk();
        _ = await core.ServiceKeyAsync("ram");

        var answer = await ListAsync(new JsonObject { ["Filters"] = JsonNode.Parse(filters) });

        Assert.Equal(count, (int)answer.Json["TotalCount"]!);
        Assert.Equal(count, answer.Json["Keys"]!["Key"]!.AsArray().Count);
    }

    [Fact]
    public async Task DescribeRegions_Answer_IsTheOneRegion() =>
        Assert.Equal("""{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}""", (await core.SendAsync("DescribeRegions", [])).Text);

    [Theory]
    [InlineData("DisableKey")]
    [InlineData("EnableKey")]
    [InlineData("ScheduleKeyDeletion")]
    [InlineData("CancelKeyDeletion")]
    [InlineData("ListAliasesByKeyId")]
    [InlineData("TagResource")]
    [InlineData("CreateAlias")]
    public async Task KeyId_AsAliasWhereNoneIsTaken_IsUnsupported(string action) =>
        (await core.SendAsync(action, new JsonObject { ["KeyId"] = "alias/app", ["AliasName"] = "alias/b" }, new TicketResource(TestCore.KeyArn("x"), 1, 0)))
            .ShouldBe(400, "Unsupported.Alias");

    [Theory]
    [InlineData("a b", 400, "InvalidParameter", "KeyId")]
    [InlineData("*", 400, "InvalidParameter", "KeyId")]
    [InlineData("", 400, "MissingParameter", "KeyId")]
    [InlineData("acs:ram:cn-hangzhou:1000000000000001:key/x", 400, "InvalidParameter", "KeyId")]
    [InlineData("acs:kms:cn-hangzhou:1000000000000001:alias/x", 400, "Unsupported.Alias", null)]
    [InlineData("acs:kms:cn-beijing:1000000000000001:key/x", 404, "Forbidden.KeyNotFound", null)]
    [InlineData("acs:kms:cn-hangzhou:2000000000000002:key/x", 404, "Forbidden.KeyNotFound", null)]
    [InlineData("alias/!", 400, "InvalidParameter", "KeyId")]
    public async Task KeyId_ThatCannotBeOne_IsRefused(string text, int status, string code, string? parameter) =>
        (await core.SendAsync("DescribeKey", new JsonObject { ["KeyId"] = text }, new TicketResource(TestCore.KeyArn("x"), 1, 0)))
            .ShouldBe(status, code, parameter);

    [Fact]
    public async Task UnknownAction_IsUnsupported() => (await core.SendAsync("Unknown", [])).ShouldBe(400, "UnsupportedOperation");

    private Task<CoreAnswer> ListAsync(JsonObject parameters) => core.SendAsync("ListKeys", parameters, TestCore.KeyBox);

    private async Task ChangeAsync(string action, string keyId, string state)
    {
        (await core.OnKeyAsync(action, keyId)).ShouldBeOk();
        Assert.Equal(state, (string)(await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!["KeyState"]!);
    }
}
