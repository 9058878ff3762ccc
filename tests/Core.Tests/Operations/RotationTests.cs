using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Versions and their schedule (kms-api.md section 9).</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task CreateKey_WithASchedule_TellsOfIt()
    {
        var keyId = await NewKeyAsync("7d");

        var metadata = await core.DescribeAsync(keyId);

        Assert.Equal(("Enabled", "604800s", "2026-03-11T05:06:07Z", "2026-03-04T05:06:07Z"), ScheduleOf(metadata));
    }

    [Theory]
    [InlineData("7d", "604800s")]
    [InlineData("168h", "604800s")]
    [InlineData("10080m", "604800s")]
    [InlineData("604800s", "604800s")]
    [InlineData("604801s", "604801s")]
    [InlineData("730d", "63072000s")]
    [InlineData("17520h", "63072000s")]
    [InlineData("63072000s", "63072000s")]
    public async Task RotationInterval_AtTheLimits_IsTaken(string interval, string answered)
    {
        var keyId = await core.CreateKeyAsync();

        (await ScheduleAsync(keyId, interval)).ShouldBeOk();

        Assert.Equal(answered, (string)(await core.DescribeAsync(keyId))["RotationInterval"]!);
    }

    [Theory]
    [InlineData("604799s")]
    [InlineData("6d")]
    [InlineData("731d")]
    [InlineData("63072001s")]
    [InlineData("07d")]
    [InlineData("7")]
    [InlineData("7D")]
    [InlineData("7w")]
    [InlineData("-7d")]
    [InlineData("7 d")]
    [InlineData("7.5d")]
    [InlineData("9999999999d")]
    [InlineData("999999999d")]
    [InlineData("d")]
    [InlineData("")]
    public async Task RotationInterval_OutsideTheLimits_IsRefused(string interval)
    {
        var keyId = await core.CreateKeyAsync();

        (await ScheduleAsync(keyId, interval)).ShouldBe(400, "InvalidParameter", "RotationInterval");
    }

    [Fact]
    public async Task UpdateRotationPolicy_Off_IgnoresTheIntervalAndForgetsTheSchedule()
    {
        var keyId = await NewKeyAsync("7d");

        (await core.OnKeyAsync("UpdateRotationPolicy", keyId, new JsonObject { ["EnableAutomaticRotation"] = false, ["RotationInterval"] = "1d" })).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromDays(8));
        await core.RunScheduledWorkAsync();

        Assert.Equal(("Disabled", null, null, "2026-03-04T05:06:07Z"), ScheduleOf(await core.DescribeAsync(keyId)));
        _ = Assert.Single(await core.VersionsAsync(keyId));
        (await core.OnKeyAsync("UpdateRotationPolicy", keyId)).ShouldBe(400, "MissingParameter", "EnableAutomaticRotation");
    }

    [Fact]
    public async Task Rotation_WhenDue_MakesANewPrimaryAndOldCiphertextsStillOpen()
    {
        var keyId = await NewKeyAsync("7d");
        var first = (string)(await core.DescribeAsync(keyId))["PrimaryKeyVersion"]!;
        var old = await core.EncryptAsync(keyId, "old");

        core.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        await core.RunScheduledWorkAsync();
        Assert.Equal([first], await core.VersionsAsync(keyId));

        core.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await core.RunScheduledWorkAsync();
        var metadata = await core.DescribeAsync(keyId);
        var second = (string)metadata["PrimaryKeyVersion"]!;
        Assert.NotEqual(first, second);
        Assert.Equal([second, first], await core.VersionsAsync(keyId));
        Assert.Equal(("Enabled", "604800s", "2026-03-18T05:06:07Z", "2026-03-11T05:06:07Z"), ScheduleOf(metadata));

        var opened = await core.DecryptAsync(old);
        Assert.Equal((first, "old"), ((string)opened.Json["KeyVersionId"]!, (string)opened.Json["Plaintext"]!));
        var sealedNow = await core.OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = "new" });
        Assert.Equal(second, (string)sealedNow.Json["KeyVersionId"]!);
    }

    [Fact]
    public async Task Rotation_MissedForManyIntervals_HappensOnce()
    {
        var keyId = await NewKeyAsync("7d");
        await core.StopCoreAsync();
        core.Clock.Advance(TimeSpan.FromDays(100));

        await core.StartCoreAsync();
        await core.RunScheduledWorkAsync();
        await core.RunScheduledWorkAsync();

        Assert.Equal(2, (await core.VersionsAsync(keyId)).Count);
        Assert.Equal("2026-06-19T05:06:07Z", (string)(await core.DescribeAsync(keyId))["NextRotationDate"]!);
    }

    [Theory]
    [InlineData("DisableKey", "EnableKey")]
    [InlineData("ScheduleKeyDeletion", "CancelKeyDeletion")]
    public async Task Schedule_WhileTheKeyRests_IsSuspendedAndRotatesAtOnceWhenItIsBack(string stop, string start)
    {
        var keyId = await NewKeyAsync("7d");
        (await core.OnKeyAsync(stop, keyId)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromDays(8));
        await core.RunScheduledWorkAsync();

        Assert.Equal(("Suspended", "604800s", "2026-03-11T05:06:07Z", "2026-03-04T05:06:07Z"), ScheduleOf(await core.DescribeAsync(keyId)));
        _ = Assert.Single(await core.VersionsAsync(keyId));

        (await core.OnKeyAsync(start, keyId)).ShouldBeOk();
        Assert.Equal(("Enabled", "604800s", "2026-03-19T05:06:07Z", "2026-03-12T05:06:07Z"), ScheduleOf(await core.DescribeAsync(keyId)));
        Assert.Equal(2, (await core.VersionsAsync(keyId)).Count);
    }

    [Fact]
    public async Task UpdateRotationPolicy_ToADateThatIsPast_RotatesAtOnce()
    {
        var keyId = await core.CreateKeyAsync();
        core.Clock.Advance(TimeSpan.FromDays(10));

        (await ScheduleAsync(keyId, "11d")).ShouldBeOk();
        _ = Assert.Single(await core.VersionsAsync(keyId));
        (await ScheduleAsync(keyId, "10d")).ShouldBeOk();

        Assert.Equal(2, (await core.VersionsAsync(keyId)).Count);
        Assert.Equal("2026-03-24T05:06:07Z", (string)(await core.DescribeAsync(keyId))["NextRotationDate"]!);
    }

    [Fact]
    public async Task Rotation_DoesNotChangeWhatDecisionsRestOn()
    {
        var keyId = await NewKeyAsync("7d");
        var before = await core.KeyAsync(keyId);
        core.Clock.Advance(TimeSpan.FromDays(7));

        await core.RunScheduledWorkAsync();

        Assert.Equal(before, await core.KeyAsync(keyId));
    }

    [Fact]
    public async Task ServiceKey_CannotBeRotated()
    {
        var keyId = await core.ServiceKeyAsync("ram");

        (await ScheduleAsync(keyId, "7d")).ShouldBe(400, "Rejected.UnsupportedOperation");
        (await core.OnKeyAsync("CreateKeyVersion", keyId)).ShouldBe(400, "Rejected.UnsupportedOperation");
    }

    [Fact]
    public async Task DescribeKeyVersion_OfThisKeyOnly_IsFound()
    {
        var keyId = await core.CreateKeyAsync();
        var version = (await core.VersionsAsync(keyId))[0];
        var otherVersion = (await core.VersionsAsync(await core.CreateKeyAsync()))[0];

        Assert.Equal(
            $$$"""{"KeyVersion":{"KeyId":"{{{keyId}}}","KeyVersionId":"{{{version}}}","CreationDate":"2026-03-04T05:06:07Z"}}""",
            (await core.OnKeyAsync("DescribeKeyVersion", keyId, new JsonObject { ["KeyVersionId"] = version })).Text);
        (await core.OnKeyAsync("DescribeKeyVersion", keyId, new JsonObject { ["KeyVersionId"] = otherVersion })).ShouldBe(404, "Forbidden.KeyVersionNotFound");
        (await core.OnKeyAsync("DescribeKeyVersion", keyId, new JsonObject { ["KeyVersionId"] = Guid.NewGuid().ToString() })).ShouldBe(404, "Forbidden.KeyVersionNotFound");
        (await core.OnKeyAsync("DescribeKeyVersion", keyId)).ShouldBe(400, "MissingParameter", "KeyVersionId");
    }

    [Fact]
    public async Task ListKeyVersions_Pages_AreNewestFirst()
    {
        var keyId = await NewKeyAsync("7d");
        for (var round = 0; round < 4; round++)
        {
            core.Clock.Advance(TimeSpan.FromDays(7));
            await core.RunScheduledWorkAsync();
        }

        var page = (await core.OnKeyAsync("ListKeyVersions", keyId, new JsonObject { ["PageNumber"] = 2, ["PageSize"] = 2 })).Json;

        Assert.Equal((2, 2, 5), ((int)page["PageNumber"]!, (int)page["PageSize"]!, (int)page["TotalCount"]!));
        Assert.Equal(
            ["2026-03-18T05:06:07Z", "2026-03-11T05:06:07Z"],
            page["KeyVersions"]!["KeyVersion"]!.AsArray().Select(version => (string)version!["CreationDate"]!));
    }

    [Theory]
    [InlineData(6, 0, 400, "Rejected.UnsupportedOperation")]
    [InlineData(7, 48, 200, null)]
    [InlineData(7, 49, 400, "Rejected.LimitExceeded")]
    public async Task CreateKeyVersion_OfAKeyPair_KeepsItsLimits(int days, int otherPairs, int status, string? code)
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["KeySpec"] = "EC_P256" });
        for (var index = 0; index < otherPairs; index++)
        {
            _ = await core.CreateKeyAsync(new JsonObject { ["KeySpec"] = "EC_P256" });
        }

        core.Clock.Advance(TimeSpan.FromDays(days));

        var answer = await core.OnKeyAsync("CreateKeyVersion", keyId);
        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
        (await ScheduleAsync(keyId, "7d")).ShouldBe(400, "Rejected.UnsupportedOperation");
    }

    private static (string State, string? Interval, string? Next, string Last) ScheduleOf(JsonNode metadata) => (
        (string)metadata["AutomaticRotation"]!,
        (string?)metadata["RotationInterval"],
        (string?)metadata["NextRotationDate"],
        (string)metadata["LastRotationDate"]!);

    private Task<string> NewKeyAsync(string interval) =>
        core.CreateKeyAsync(new JsonObject { ["EnableAutomaticRotation"] = true, ["RotationInterval"] = interval });

    private Task<CoreAnswer> ScheduleAsync(string keyId, string interval) => core.OnKeyAsync(
        "UpdateRotationPolicy", keyId, new JsonObject { ["EnableAutomaticRotation"] = true, ["RotationInterval"] = interval });
}
