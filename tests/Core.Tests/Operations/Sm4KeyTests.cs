using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Keys of spec Aliyun_SM4: what an AES key does, by another cipher and with a count of messages.</summary>
public sealed class Sm4KeyTests : IAsyncLifetime
{
    private const byte Sm4Gcm = 3;

    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task CreateKey_Sm4_IsDescribed()
    {
        var metadata = await core.DescribeAsync(await NewKeyAsync());

        Assert.Equal(
            ("Aliyun_SM4", "ENCRYPT/DECRYPT", "SOFTWARE", "Enabled"),
            ((string)metadata["KeySpec"]!, (string)metadata["KeyUsage"]!, (string)metadata["ProtectionLevel"]!, (string)metadata["KeyState"]!));
        Assert.NotNull(metadata["PrimaryKeyVersion"]);
    }

    [Theory]
    [InlineData("Aliyun_SM4")]
    [InlineData("Aliyun_AES_256")]
    public async Task CreateKey_AtHsmLevelWithoutOne_IsUnsupportedThere(string spec) =>
        (await core.SendAsync("CreateKey", new JsonObject { ["KeySpec"] = spec, ["ProtectionLevel"] = "HSM" }, TestCore.KeyBox))
            .ShouldBe(400, "Unsupported.ProtectionLevel");

    [Fact]
    public async Task Encrypt_TextAndContext_ComeBack()
    {
        var keyId = await NewKeyAsync();
        var context = new JsonObject { ["tenant"] = "a" };

        var blob = await core.EncryptAsync(keyId, "any text", context.DeepClone().AsObject());

        Assert.Equal(Sm4Gcm, Convert.FromBase64String(blob)[37]);
        Assert.Equal(82 + "any text".Length, Convert.FromBase64String(blob).Length);
        Assert.Equal("any text", (string)(await core.DecryptAsync(blob, context)).Json["Plaintext"]!);
        (await core.DecryptAsync(blob)).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task Decrypt_EachByteFlipped_IsRefused()
    {
        var blob = Convert.FromBase64String(await core.EncryptAsync(await NewKeyAsync(), "text"));
        for (var index = 0; index < blob.Length; index++)
        {
            blob[index] ^= 1;
            (await core.DecryptAsync(Convert.ToBase64String(blob))).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
            blob[index] ^= 1;
        }
    }

    [Fact]
    public async Task Encrypt_TheSameTwice_Differs()
    {
        var keyId = await NewKeyAsync();

        Assert.NotEqual(await core.EncryptAsync(keyId, "text"), await core.EncryptAsync(keyId, "text"));
    }

    [Fact]
    public async Task GenerateDataKey_AsTheEncryptionSdkAsks_Is16Bytes()
    {
        var keyId = await NewKeyAsync();

        var answer = await core.OnKeyAsync("GenerateDataKey", keyId, new JsonObject { ["KeySpec"] = "SM4_128", ["NumberOfBytes"] = 16 });

        var text = (string)answer.Json["Plaintext"]!;
        Assert.Equal(16, Convert.FromBase64String(text).Length);
        Assert.Equal(text, (string)(await core.DecryptAsync((string)answer.Json["CiphertextBlob"]!)).Json["Plaintext"]!);
    }

    [Fact]
    public async Task ReEncrypt_FromAesToSm4AndBack_KeepsTheText()
    {
        var (sm4, aes) = (await NewKeyAsync(), await core.CreateKeyAsync());
        var blob = await core.EncryptAsync(aes, "text");
        foreach (var to in (string[])[sm4, aes])
        {
            var answer = await core.SendAsync(
                "ReEncrypt",
                new JsonObject { ["CiphertextBlob"] = blob, ["DestinationKeyId"] = to },
                await core.CiphertextResourceAsync(blob),
                await core.KeyAsync(to));
            answer.ShouldBeOk();
            blob = (string)answer.Json["CiphertextBlob"]!;
        }

        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
    }

    [Fact]
    public async Task Rotation_OldVersions_GoOnOpening()
    {
        var keyId = await NewKeyAsync(new JsonObject { ["EnableAutomaticRotation"] = true, ["RotationInterval"] = "7d" });
        var blob = await core.EncryptAsync(keyId, "before");
        core.Clock.Advance(TimeSpan.FromDays(7));

        await core.RunScheduledWorkAsync();

        Assert.Equal(2, (await core.VersionsAsync(keyId)).Count);
        Assert.Equal("before", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
        Assert.NotEqual(blob[..48], (await core.EncryptAsync(keyId, "after"))[..48]);
    }

    [Theory]
    [InlineData(16, null)]
    [InlineData(15, "InvalidKeyMaterial")]
    [InlineData(17, "InvalidKeyMaterial")]
    [InlineData(32, "InvalidKeyMaterial")]
    public async Task Import_Of128Bits_IsTakenAndNothingElse(int bytes, string? code)
    {
        var keyId = await NewKeyAsync(new JsonObject { ["Origin"] = "EXTERNAL" });
        var imported = await ImportedKey.ParametersAsync(core, keyId);

        var answer = await imported.ImportAsync(Enumerable.Repeat((byte)5, bytes).ToArray());

        if (code is not null)
        {
            answer.ShouldBe(400, code);
            return;
        }

        answer.ShouldBeOk();
        var blob = await core.EncryptAsync(keyId, "text");
        (await core.OnKeyAsync("DeleteKeyMaterial", keyId)).ShouldBeOk();
        (await imported.ImportAsync(new byte[16])).ShouldBe(400, "InvalidKeyMaterial");
        (await imported.ImportAsync(Enumerable.Repeat((byte)5, 16).ToArray())).ShouldBeOk();
        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
    }

    [Fact]
    public async Task Messages_AreBookedBeforeUse_AndOnlyWhereNoncesAreShort()
    {
        var (sm4, aes) = (await NewKeyAsync(), await core.CreateKeyAsync());
        _ = await core.EncryptAsync(sm4, "text");
        _ = await core.EncryptAsync(aes, "text");
        await core.StopCoreAsync();
        Assert.Equal((65_536, 0), (Messages(sm4), Messages(aes)));

        await core.StartCoreAsync();
        _ = await core.EncryptAsync(sm4, "text");
        await core.StopCoreAsync();

        Assert.Equal((131_072, 0), (Messages(sm4), Messages(aes)));
    }

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("GenerateDataKey")]
    public async Task DryRun_BooksNothing(string action)
    {
        var keyId = await NewKeyAsync();

        (await core.OnKeyAsync(action, keyId, new JsonObject { ["Plaintext"] = "x", ["DryRun"] = true })).ShouldBe(400, "DryRunOperationError");

        await core.StopCoreAsync();
        Assert.Equal(0, Messages(keyId));
    }

    [Fact]
    public async Task Encrypt_AtTheLimit_WorksAndOnePastItIsRefusedWhileDecryptGoesOn()
    {
        var keyId = await NewKeyAsync();
        await core.StopCoreAsync();
        core.Alter($"UPDATE key_versions SET messages = {(1L << 32) - 1} WHERE key_id = '{keyId}'");
        await core.StartCoreAsync();

        var blob = await core.EncryptAsync(keyId, "the last");

        (await core.OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = "x" })).ShouldBe(400, "Rejected.LimitExceeded");
        (await core.OnKeyAsync("GenerateDataKey", keyId)).ShouldBe(400, "Rejected.LimitExceeded");
        Assert.Equal("the last", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
    }

    private long Messages(string keyId) =>
        core.Scalar($"SELECT messages FROM key_versions WHERE key_id = '{keyId}'");

    private Task<string> NewKeyAsync(JsonObject? more = null)
    {
        var body = more ?? [];
        body["KeySpec"] = "Aliyun_SM4";
        return core.CreateKeyAsync(body);
    }
}
