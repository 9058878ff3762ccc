using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>HMAC keys, GenerateMac and VerifyMac.</summary>
public sealed class MacOperationTests : IAsyncLifetime
{
    private const string Message = "aGVsbG8=";

    private TestCore core = null!;

    /// <summary>Key specs, which are algorithms as well, and the length of their codes.</summary>
    public static TheoryData<string, int> Specs => new()
    {
        { "HMAC_SM3", 32 },
        { "HMAC_SHA_224", 28 },
        { "HMAC_SHA_256", 32 },
        { "HMAC_SHA_384", 48 },
        { "HMAC_SHA_512", 64 },
    };

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [MemberData(nameof(Specs))]
    public async Task GenerateMac_OfEachSpec_IsVerified(string spec, int bytes)
    {
        var keyId = await NewKeyAsync(spec);

        var answer = await MacAsync(keyId, spec, Message);

        answer.ShouldBeOk();
        Assert.Equal((spec, keyId), ((string)answer.Json["Algorithm"]!, (string)answer.Json["KeyId"]!));
        var mac = (string)answer.Json["Mac"]!;
        Assert.Equal(bytes, Convert.FromBase64String(mac).Length);
        Assert.Equal(answer.Text, (await MacAsync(keyId, spec, Message)).Text);
        Assert.True(await IsRightAsync(keyId, spec, Message, mac));
        Assert.False(await IsRightAsync(keyId, spec, "aGVsbG8h", mac));
        Assert.False(await IsRightAsync(await NewKeyAsync(spec), spec, Message, mac));
    }

    [Fact]
    public async Task CreateKey_OfAMacSpec_HasTheUsageAndNoSchedule()
    {
        var metadata = await core.DescribeAsync(await NewKeyAsync("HMAC_SHA_256"));

        Assert.Equal(
            ("HMAC_SHA_256", "GENERATE/VERIFY_MAC", "Disabled"),
            ((string)metadata["KeySpec"]!, (string)metadata["KeyUsage"]!, (string)metadata["AutomaticRotation"]!));
    }

    [Theory]
    [InlineData("""{"KeySpec":"HMAC_SHA_256","KeyUsage":"ENCRYPT/DECRYPT"}""", "KeyUsage")]
    [InlineData("""{"KeySpec":"HMAC_SHA_256","KeyUsage":"SIGN/VERIFY"}""", "KeyUsage")]
    [InlineData("""{"KeySpec":"Aliyun_AES_256","KeyUsage":"GENERATE/VERIFY_MAC"}""", "KeyUsage")]
    [InlineData("""{"KeySpec":"HMAC_SHA_256","Origin":"EXTERNAL"}""", "Origin")]
    [InlineData("""{"KeySpec":"HMAC_SHA_256","EnableAutomaticRotation":true,"RotationInterval":"7d"}""", "EnableAutomaticRotation")]
    [InlineData("""{"KeySpec":"HMAC_SHA_1"}""", "KeySpec")]
    public async Task CreateKey_OfAMacSpecWithWhatDoesNotFit_NamesTheParameter(string body, string parameter) =>
        (await core.SendAsync("CreateKey", JsonNode.Parse(body)!.AsObject(), TestCore.KeyBox)).ShouldBe(400, "InvalidParameter", parameter);

    [Fact]
    public async Task VerifyMac_AnyByteChangedOrALengthThatIsNot_IsFalse()
    {
        var keyId = await NewKeyAsync("HMAC_SHA_256");
        var mac = Convert.FromBase64String((string)(await MacAsync(keyId, "HMAC_SHA_256", Message)).Json["Mac"]!);
        for (var index = 0; index < mac.Length; index++)
        {
            mac[index] ^= 1;
            Assert.False(await IsRightAsync(keyId, "HMAC_SHA_256", Message, Convert.ToBase64String(mac)));
            mac[index] ^= 1;
        }

        Assert.False(await IsRightAsync(keyId, "HMAC_SHA_256", Message, Convert.ToBase64String(mac[..16])));
        Assert.False(await IsRightAsync(keyId, "HMAC_SHA_256", Message, Convert.ToBase64String([.. mac, 0])));
        Assert.True(await IsRightAsync(keyId, "HMAC_SHA_256", Message, Convert.ToBase64String(mac)));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(6144, true)]
    [InlineData(6145, false)]
    public async Task Message_AtTheLimit_IsTakenAndOnePastItIsNot(int bytes, bool isTaken)
    {
        var keyId = await NewKeyAsync("HMAC_SHA_256");
        var message = Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));

        var answer = await MacAsync(keyId, "HMAC_SHA_256", message);

        if (isTaken)
        {
            answer.ShouldBeOk();
        }
        else
        {
            answer.ShouldBe(400, "InvalidParameter", "Message");
        }
    }

    [Theory]
    [InlineData("GenerateMac", """{"Algorithm":"HMAC_SHA_256"}""", "MissingParameter", "Message")]
    [InlineData("GenerateMac", """{"Message":"aGVsbG8="}""", "MissingParameter", "Algorithm")]
    [InlineData("GenerateMac", """{"Algorithm":"HMAC_SHA_512","Message":"aGVsbG8="}""", "InvalidParameter", "Algorithm")]
    [InlineData("GenerateMac", """{"Algorithm":"MD5","Message":"aGVsbG8="}""", "InvalidParameter", "Algorithm")]
    [InlineData("GenerateMac", """{"Algorithm":"HMAC_SHA_256","Message":"no-base64"}""", "InvalidParameter", "Message")]
    [InlineData("VerifyMac", """{"Algorithm":"HMAC_SHA_256","Message":"aGVsbG8="}""", "MissingParameter", "Mac")]
    [InlineData("VerifyMac", """{"Algorithm":"HMAC_SHA_256","Message":"aGVsbG8=","Mac":"x"}""", "InvalidParameter", "Mac")]
    [InlineData("VerifyMac", """{"Algorithm":"HMAC_SHA_384","Message":"aGVsbG8=","Mac":"aGVsbG8="}""", "InvalidParameter", "Algorithm")]
    public async Task Mac_BadInput_NamesTheParameter(string action, string body, string code, string parameter) =>
        (await core.OnKeyAsync(action, await NewKeyAsync("HMAC_SHA_256"), JsonNode.Parse(body)!.AsObject())).ShouldBe(400, code, parameter);

    [Theory]
    [InlineData("GenerateMac")]
    [InlineData("VerifyMac")]
    public async Task Mac_ByAKeyOfAnotherKind_IsRejected(string action) =>
        (await core.OnKeyAsync(action, await core.CreateKeyAsync(), new JsonObject { ["Algorithm"] = "HMAC_SHA_256", ["Message"] = Message, ["Mac"] = Message }))
            .ShouldBe(400, "Rejected.UnsupportedOperation");

    [Theory]
    [InlineData("Encrypt", "UnsupportedOperation")]
    [InlineData("GenerateDataKey", "UnsupportedOperation")]
    [InlineData("GenerateDataKeyWithoutPlaintext", "UnsupportedOperation")]
    [InlineData("CreateKeyVersion", "Rejected.UnsupportedOperation")]
    [InlineData("UpdateRotationPolicy", "Rejected.UnsupportedOperation")]
    [InlineData("GetParametersForImport", "Unsupported.Origin")]
    public async Task MacKey_ForAnythingElse_IsRefused(string action, string code)
    {
        var body = new JsonObject
        {
            ["Plaintext"] = "x",
            ["EnableAutomaticRotation"] = true,
            ["RotationInterval"] = "7d",
            ["WrappingAlgorithm"] = "SM2PKE",
            ["WrappingKeySpec"] = "EC_SM2",
        };
        var keyId = await NewKeyAsync("HMAC_SHA_256");
        core.Clock.Advance(TimeSpan.FromDays(8));

        (await core.OnKeyAsync(action, keyId, body)).ShouldBe(400, code);
    }

    [Fact]
    public async Task Mac_ThroughAnAlias_AnswersTheKey()
    {
        var keyId = await NewKeyAsync("HMAC_SHA_256");
        await core.CreateAliasAsync("alias/mac", keyId);

        var answer = await core.SendAsync(
            "GenerateMac",
            new JsonObject { ["KeyId"] = "alias/mac", ["Algorithm"] = "HMAC_SHA_256", ["Message"] = Message },
            await core.KeyBehindAsync("alias/mac"));

        answer.ShouldBeOk();
        Assert.Equal(keyId, (string)answer.Json["KeyId"]!);
    }

    [Fact]
    public async Task Mac_AfterARestart_IsTheSame()
    {
        var keyId = await NewKeyAsync("HMAC_SHA_512");
        var before = await MacAsync(keyId, "HMAC_SHA_512", Message);
        await core.StopCoreAsync();
        await core.StartCoreAsync();

        Assert.Equal(before.Text, (await MacAsync(keyId, "HMAC_SHA_512", Message)).Text);
    }

    private Task<string> NewKeyAsync(string spec) => core.CreateKeyAsync(new JsonObject { ["KeySpec"] = spec });

    private Task<CoreAnswer> MacAsync(string keyId, string algorithm, string message) =>
        core.OnKeyAsync("GenerateMac", keyId, new JsonObject { ["Algorithm"] = algorithm, ["Message"] = message });

    private async Task<bool> IsRightAsync(string keyId, string algorithm, string message, string mac)
    {
        var answer = await core.OnKeyAsync("VerifyMac", keyId, new JsonObject { ["Algorithm"] = algorithm, ["Message"] = message, ["Mac"] = mac });
        answer.ShouldBeOk();
        return (bool)answer.Json["Value"]!;
    }
}
