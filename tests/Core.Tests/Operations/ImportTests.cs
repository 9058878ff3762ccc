using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Bring your own key (kms-api.md section 8).</summary>
public sealed class ImportTests : IAsyncLifetime
{
    private readonly byte[] material = RandomNumberGenerator.GetBytes(32);
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task CreateKey_External_WaitsForItsMaterial()
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["Origin"] = "EXTERNAL" });

        var metadata = await core.DescribeAsync(keyId);

        Assert.Equal(
            ("PendingImport", "EXTERNAL", "", null, null),
            ((string)metadata["KeyState"]!, (string)metadata["Origin"]!, (string)metadata["MaterialExpireTime"]!,
                (string?)metadata["PrimaryKeyVersion"], (string?)metadata["LastRotationDate"]));
        (await core.OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = "x" })).ShouldBe(409, "Rejected.PendingImport");
        Assert.Empty(await core.VersionsAsync(keyId));
    }

    [Theory]
    [InlineData("""{"Origin":"EXTERNAL","EnableAutomaticRotation":true,"RotationInterval":"7d"}""", "EnableAutomaticRotation")]
    [InlineData("""{"Origin":"EXTERNAL","KeySpec":"RSA_2048"}""", "Origin")]
    public async Task CreateKey_ExternalWithWhatCannotBe_IsRefused(string parameters, string parameter) =>
        (await core.SendAsync("CreateKey", JsonNode.Parse(parameters)!.AsObject(), TestCore.KeyBox)).ShouldBe(400, "InvalidParameter", parameter);

    [Theory]
    [InlineData("RSAES_PKCS1_V1_5")]
    [InlineData("RSAES_OAEP_SHA_1")]
    [InlineData("RSAES_OAEP_SHA_256")]
    [InlineData("SM2PKE")]
    public async Task ImportKeyMaterial_ByEachAlgorithm_EnablesTheKey(string algorithm)
    {
        var imported = await ImportedKey.NewAsync(core, algorithm);

        (await imported.ImportAsync(material)).ShouldBeOk();

        Assert.Equal("Enabled", await StateAsync(imported.KeyId));
        var blob = await core.EncryptAsync(imported.KeyId, "text");
        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
    }

    [Theory]
    [InlineData("RSAES_OAEP_SHA_256", "EC_SM2", "WrappingAlgorithm")]
    [InlineData("SM2PKE", "RSA_2048", "WrappingAlgorithm")]
    [InlineData("RSAES_OAEP_SHA_512", "RSA_2048", "WrappingAlgorithm")]
    [InlineData("RSAES_OAEP_SHA_256", "RSA_4096", "WrappingAlgorithm")]
    public async Task GetParametersForImport_WhatDoesNotFit_IsRefused(string algorithm, string spec, string parameter)
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["Origin"] = "EXTERNAL" });

        (await core.OnKeyAsync("GetParametersForImport", keyId, new JsonObject { ["WrappingAlgorithm"] = algorithm, ["WrappingKeySpec"] = spec }))
            .ShouldBe(400, "InvalidParameter", parameter);
    }

    [Fact]
    public async Task ImportCalls_OnAKeyMadeHere_AreRefused()
    {
        var keyId = await core.CreateKeyAsync();
        var other = await ImportedKey.NewAsync(core);

        (await core.OnKeyAsync("GetParametersForImport", keyId, ImportedKey.Parameters("SM2PKE"))).ShouldBe(400, "Unsupported.Origin");
        (await core.OnKeyAsync("DeleteKeyMaterial", keyId)).ShouldBe(400, "Unsupported.Origin");
        (await core.OnKeyAsync(
            "ImportKeyMaterial", keyId, new JsonObject { ["EncryptedKeyMaterial"] = "AAAA", ["ImportToken"] = other.Token }))
            .ShouldBe(400, "Unsupported.Origin");
    }

    [Fact]
    public async Task Rotation_OfImportedMaterial_IsRefused()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(material)).ShouldBeOk();

        (await core.OnKeyAsync("UpdateRotationPolicy", imported.KeyId, new JsonObject { ["EnableAutomaticRotation"] = true, ["RotationInterval"] = "7d" }))
            .ShouldBe(400, "Rejected.UnsupportedOperation");
        (await core.OnKeyAsync("CreateKeyVersion", imported.KeyId)).ShouldBe(400, "Rejected.UnsupportedOperation");
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(16)]
    [InlineData(1)]
    public async Task ImportKeyMaterial_OfAnotherLength_IsRefused(int length)
    {
        var imported = await ImportedKey.NewAsync(core);

        (await imported.ImportAsync(RandomNumberGenerator.GetBytes(length))).ShouldBe(400, "InvalidKeyMaterial");

        Assert.Equal("PendingImport", await StateAsync(imported.KeyId));
    }

    [Fact]
    public async Task ImportToken_IsReusableUntilItIsADayOldAndThenExpired()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(material)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await core.RunScheduledWorkAsync();
        (await imported.ImportAsync(material)).ShouldBeOk();

        core.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await imported.ImportAsync(material)).ShouldBe(400, "ExpiredImportToken");
        await core.RunScheduledWorkAsync();
        (await imported.ImportAsync(material)).ShouldBe(400, "ExpiredImportToken");
    }

    [Fact]
    public async Task ImportToken_OfAnotherKeyOrPairOrNobody_IsRefused()
    {
        var imported = await ImportedKey.NewAsync(core);
        var other = await ImportedKey.NewAsync(core);
        var again = await ImportedKey.ParametersAsync(core, imported.KeyId);
        var flipped = Convert.FromBase64String(imported.Token);
        flipped[^1] ^= 1;

        (await imported.SendAsync(imported.Wrap(material), other.Token)).ShouldBe(400, "InvalidImportToken");
        (await imported.SendAsync(imported.Wrap(material), Convert.ToBase64String(flipped))).ShouldBe(400, "InvalidImportToken");
        (await imported.SendAsync(imported.Wrap(material), "no token at all")).ShouldBe(400, "InvalidImportToken");
        (await imported.SendAsync(imported.Wrap(material), Convert.ToBase64String(new byte[4096]))).ShouldBe(400, "InvalidImportToken");
        (await imported.SendAsync(imported.Wrap(material), again.Token)).ShouldBe(400, "InvalidKeyMaterial");
        (await again.ImportAsync(material)).ShouldBeOk();
    }

    [Theory]
    [InlineData("RSAES_PKCS1_V1_5")]
    [InlineData("RSAES_OAEP_SHA_256")]
    [InlineData("SM2PKE")]
    public async Task ImportKeyMaterial_Garbage_IsTheOneAnswer(string algorithm)
    {
        var imported = await ImportedKey.NewAsync(core, algorithm);
        var wrapped = imported.Wrap(material);
        wrapped[^1] ^= 1;

        (await imported.SendAsync(wrapped, imported.Token)).ShouldBe(400, "InvalidKeyMaterial");
        (await imported.SendAsync(RandomNumberGenerator.GetBytes(255), imported.Token)).ShouldBe(400, "InvalidKeyMaterial");
        (await imported.SendAsync([.. wrapped, 0], imported.Token)).ShouldBe(400, "InvalidKeyMaterial");
        (await imported.SendAsync([4], imported.Token)).ShouldBe(400, "InvalidKeyMaterial");
        (await imported.SendAsync([0x30, 0], imported.Token)).ShouldBe(400, "InvalidKeyMaterial");
    }

    [Fact]
    public async Task Reimport_OnlyOfTheSameBytes_AlsoAfterDeletion()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(material)).ShouldBeOk();
        var version = (string)(await core.DescribeAsync(imported.KeyId))["PrimaryKeyVersion"]!;
        var blob = await core.EncryptAsync(imported.KeyId, "text");
        byte[] other = [.. material];
        other[0] ^= 1;

        (await imported.ImportAsync(other)).ShouldBe(400, "InvalidKeyMaterial");
        (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();
        (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();
        Assert.Equal("PendingImport", await StateAsync(imported.KeyId));
        (await core.DecryptAsync(blob)).ShouldBe(409, "Rejected.PendingImport");
        (await imported.ImportAsync(other)).ShouldBe(400, "InvalidKeyMaterial");

        (await imported.ImportAsync(material)).ShouldBeOk();
        Assert.Equal(version, (string)(await core.DescribeAsync(imported.KeyId))["PrimaryKeyVersion"]!);
        Assert.Equal([version], await core.VersionsAsync(imported.KeyId));
        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
    }

    [Fact]
    public async Task EqualMaterialUnderTwoKeys_OpensNothingOfTheOther()
    {
        var (one, two) = (await ImportedKey.NewAsync(core), await ImportedKey.NewAsync(core));
        (await one.ImportAsync(material)).ShouldBeOk();
        (await two.ImportAsync(material)).ShouldBeOk();
        var blob = Convert.FromBase64String(await core.EncryptAsync(one.KeyId, "text"));
        var head = System.Text.Encoding.ASCII.GetBytes((await core.VersionsAsync(two.KeyId))[0]);
        head.CopyTo(blob, 0);

        (await core.DecryptAsync(Convert.ToBase64String(blob))).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task Expiry_AtItsMoment_TakesTheMaterialAndReimportResetsIt()
    {
        var imported = await ImportedKey.NewAsync(core);
        var expires = core.Clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        (await imported.ImportAsync(material, expires)).ShouldBeOk();
        var blob = await core.EncryptAsync(imported.KeyId, "text");
        Assert.Equal("2026-03-04T05:07:07Z", (string)(await core.DescribeAsync(imported.KeyId))["MaterialExpireTime"]!);

        core.Clock.Advance(TimeSpan.FromSeconds(59));
        (await core.DecryptAsync(blob)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromSeconds(1));
        (await core.DecryptAsync(blob)).ShouldBe(409, "Rejected.PendingImport");
        Assert.Equal(("PendingImport", ""), (await StateAsync(imported.KeyId), (string)(await core.DescribeAsync(imported.KeyId))["MaterialExpireTime"]!));
        Assert.Equal(1, await ListedAsync("PendingImport"));

        await core.RunScheduledWorkAsync();
        (await core.DecryptAsync(blob)).ShouldBe(409, "Rejected.PendingImport");
        (await imported.ImportAsync(material)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromDays(1000));
        await core.RunScheduledWorkAsync();
        (await core.DecryptAsync(blob)).ShouldBeOk();
    }

    [Fact]
    public async Task Expiry_OnceMaterialIsGone_LeavesNoneInTheDatabase()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(material, core.Clock.GetUtcNow().ToUnixTimeSeconds() + 60)).ShouldBeOk();
        core.Clock.Advance(TimeSpan.FromSeconds(60));

        // a change made between the moment and the scheduled work must not save the material
        (await core.OnKeyAsync("UpdateKeyDescription", imported.KeyId, new JsonObject { ["Description"] = "after" })).ShouldBeOk();
        await core.RunScheduledWorkAsync();

        await core.StopCoreAsync();
        Assert.Equal(61L, core.Scalar("SELECT length(sealed) FROM key_versions"));
        await core.StartCoreAsync();
        (await imported.ImportAsync(material)).ShouldBeOk();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(253402300799, true)]
    [InlineData(253402300800, false)]
    public async Task KeyMaterialExpireUnix_MustLieAhead(long value, bool isTaken)
    {
        var imported = await ImportedKey.NewAsync(core);
        var now = core.Clock.GetUtcNow().ToUnixTimeSeconds();

        var answer = await imported.ImportAsync(material, value is 1 ? now + 1 : value);

        Assert.Equal(isTaken ? null : "KeyMaterialExpireUnix", answer.Parameter);
        (await imported.ImportAsync(material, now)).ShouldBe(400, "InvalidParameter", "KeyMaterialExpireUnix");
    }

    [Fact]
    public async Task DisabledKey_StaysDisabledOnReimportAndWaitsOnDeletion()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(material)).ShouldBeOk();
        (await core.OnKeyAsync("DisableKey", imported.KeyId)).ShouldBeOk();

        (await imported.ImportAsync(material)).ShouldBeOk();
        Assert.Equal("Disabled", await StateAsync(imported.KeyId));
        (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();
        Assert.Equal("PendingImport", await StateAsync(imported.KeyId));
        (await imported.ImportAsync(material)).ShouldBeOk();
        Assert.Equal("Enabled", await StateAsync(imported.KeyId));
    }

    [Theory]
    [InlineData(true, "PendingImport")]
    [InlineData(false, "Enabled")]
    public async Task PendingDeletion_KeepsItsDateWhenMaterialGoesAndComesBackAccordingly(bool isDeleted, string state)
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(material)).ShouldBeOk();
        (await core.OnKeyAsync("ScheduleKeyDeletion", imported.KeyId)).ShouldBeOk();
        (await imported.ImportAsync(material)).ShouldBe(409, "Rejected.StateModifiedFailed");
        if (isDeleted)
        {
            (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();
        }

        Assert.Equal("PendingDeletion", await StateAsync(imported.KeyId));
        (await core.OnKeyAsync("CancelKeyDeletion", imported.KeyId)).ShouldBeOk();
        Assert.Equal(state, await StateAsync(imported.KeyId));
    }

    [Fact]
    public async Task GetParametersForImport_AHundredAtOnce_IsTheMost()
    {
        var imported = await ImportedKey.NewAsync(core);
        for (var count = 1; count < 100; count++)
        {
            _ = await ImportedKey.ParametersAsync(core, imported.KeyId);
        }

        (await core.OnKeyAsync("GetParametersForImport", imported.KeyId, ImportedKey.Parameters("SM2PKE"))).ShouldBe(400, "Rejected.LimitExceeded");
        core.Clock.Advance(TimeSpan.FromDays(1));
        _ = await ImportedKey.ParametersAsync(core, imported.KeyId);
    }

    [Fact]
    public async Task ImportParameters_AcrossARestart_Work()
    {
        var imported = await ImportedKey.NewAsync(core);
        await core.StopCoreAsync();
        await core.StartCoreAsync();

        (await imported.ImportAsync(material)).ShouldBeOk();
    }

    private async Task<string> StateAsync(string keyId) => (string)(await core.DescribeAsync(keyId))["KeyState"]!;

    private async Task<int> ListedAsync(string state) => (int)(await core.SendAsync(
        "ListKeys",
        new JsonObject { ["Filters"] = new JsonArray(new JsonObject { ["Key"] = "KeyState", ["Values"] = new JsonArray(state) }) },
        TestCore.KeyBox)).Json["TotalCount"]!;
}
