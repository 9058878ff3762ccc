using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Operations;

public sealed class CryptographicOperationTests : IAsyncLifetime
{
    private TestCore core = null!;
    private string keyId = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        keyId = await core.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [InlineData("SGVsbG8=")]
    [InlineData("not base64 at all, +/ \" \\ \u0001")]
    [InlineData("密钥 🔑")]
    [InlineData(" ")]
    public async Task Encrypt_AnyText_DecryptsToTheSameText(string text)
    {
        var answer = await core.DecryptAsync(await core.EncryptAsync(keyId, text));

        answer.ShouldBeOk();
        Assert.Equal(text, (string)answer.Json["Plaintext"]!);
        Assert.Equal(keyId, (string)answer.Json["KeyId"]!);
    }

    [Fact]
    public async Task Encrypt_Answer_HasExactlyTheDocumentedMembers()
    {
        var encrypted = (await core.OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = "x" })).Json.AsObject();
        var described = (await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!;

        Assert.Equal(["CiphertextBlob", "KeyId", "KeyVersionId"], encrypted.Select(member => member.Key).Order());
        Assert.Equal((string)described["PrimaryKeyVersion"]!, (string)encrypted["KeyVersionId"]!);
    }

    [Fact]
    public async Task Encrypt_ThroughAnAlias_AnswersTheKeyId()
    {
        await core.CreateAliasAsync("alias/app", keyId);

        var answer = await core.SendAsync(
            "Encrypt", new JsonObject { ["KeyId"] = "alias/app", ["Plaintext"] = "x" }, await core.KeyBehindAsync("alias/app"));

        Assert.Equal(keyId, (string)answer.Json["KeyId"]!);
    }

    [Fact]
    public async Task Encrypt_ByOwnArn_IsServed() =>
        (await core.SendAsync(
            "Encrypt", new JsonObject { ["KeyId"] = TestCore.KeyArn(keyId), ["Plaintext"] = "x" }, await core.KeyAsync(keyId))).ShouldBeOk();

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task Encrypt_PlaintextAtTheLimit_IsTakenAndOneMoreIsNot(int bytes, bool isTaken)
    {
        var answer = await core.OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = new string('x', bytes) });

        Assert.Equal(isTaken ? (200, null) : (400, "Plaintext"), ((int)answer.Status, answer.Parameter));
    }

    [Theory]
    [InlineData(2730, true)]
    [InlineData(2731, false)]
    public async Task Encrypt_Limit_CountsUtf8Bytes(int characters, bool isTaken)
    {
        var answer = await core.OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = new string('密', characters) });

        Assert.Equal(isTaken, answer.Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"Plaintext":""}""", "MissingParameter", "Plaintext")]
    [InlineData("""{"Plaintext":null}""", "MissingParameter", "Plaintext")]
    [InlineData("""{}""", "MissingParameter", "Plaintext")]
    [InlineData("""{"Plaintext":1}""", "InvalidParameter", "Plaintext")]
    [InlineData("""{"Plaintext":"\ud800"}""", "InvalidParameter", "Plaintext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":[]}""", "InvalidParameter", "EncryptionContext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":"a"}""", "InvalidParameter", "EncryptionContext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":{"a":1}}""", "InvalidParameter", "EncryptionContext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":{"a":null}}""", "InvalidParameter", "EncryptionContext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":{"a":{"b":"c"}}}""", "InvalidParameter", "EncryptionContext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":{"a":"\udc00"}}""", "InvalidParameter", "EncryptionContext")]
    [InlineData("""{"Plaintext":"x","EncryptionContext":{"\udc00":"a"}}""", "InvalidParameter", "body")]
    [InlineData("""{"Plaintext":"x","DryRun":"maybe"}""", "InvalidParameter", "DryRun")]
    [InlineData("""{"Plaintext":"x","DryRun":true}""", "DryRunOperationError", null)]
    [InlineData("""{"Plaintext":"x","EncryptionContext":{"a":"1","a":"1"}}""", "InvalidParameter", "body")]
    [InlineData("""{"Plaintext":"x","Plaintext":"x"}""", "InvalidParameter", "body")]
    [InlineData("""{"Plaintext":"x",}""", "InvalidParameter", "body")]
    [InlineData("""{"Plaintext":"x"}}""", "InvalidParameter", "body")]
    [InlineData("""["Plaintext"]""", "InvalidParameter", "body")]
    [InlineData("", "InvalidParameter", "body")]
    public async Task Encrypt_BadInput_NamesTheParameter(string body, string code, string? parameter)
    {
        var separator = body == "{}" ? string.Empty : ",";
        var text = body.StartsWith('{') ? body.Insert(1, $"\"KeyId\":\"{keyId}\"{separator}") : body;
        var token = core.Tickets.Mint(core.Claims("Encrypt", TestCore.User, await core.KeyAsync(keyId)));

        var answer = await core.PostAsync("/internal/v1/Encrypt", text, token);

        answer.ShouldBe(400, code, parameter);
    }

    [Fact]
    public async Task Encrypt_BodyBeyondTheLimit_IsRefused()
    {
        var token = core.Tickets.Mint(core.Claims("Encrypt", TestCore.User, await core.KeyAsync(keyId)));
        var body = new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = "x", ["More"] = new string('x', 256 * 1024) };

        (await core.PostAsync("/internal/v1/Encrypt", body.ToJsonString(), token)).ShouldBe(400, "InvalidParameter", "body");
    }

    [Fact]
    public async Task Decrypt_EqualContextInAnyOrderAndSpelling_Opens()
    {
        var blob = await core.EncryptAsync(keyId, "text", new JsonObject { ["b"] = "2", ["a"] = "é" });
        var token = core.Tickets.Mint(core.Claims("Decrypt", TestCore.User, await core.CiphertextResourceAsync(blob)));

        var answer = await core.PostAsync(
            "/internal/v1/Decrypt", $$"""{ "EncryptionContext" : { "\u0061" : "\u00e9" , "b":"2"}, "CiphertextBlob":"{{blob}}"}""", token);

        answer.ShouldBeOk();
    }

    [Fact]
    public async Task Decrypt_EmptyAndAbsentContext_AreTheSame()
    {
        (await core.DecryptAsync(await core.EncryptAsync(keyId, "text", []))).ShouldBeOk();
        (await core.DecryptAsync(await core.EncryptAsync(keyId, "text"), [])).ShouldBeOk();
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"a":"2"}""")]
    [InlineData("""{"A":"1"}""")]
    [InlineData("""{"a":"1","b":""}""")]
    [InlineData("""{"a ":"1"}""")]
    public async Task Decrypt_OtherContext_HasTheOneFailure(string context)
    {
        var blob = await core.EncryptAsync(keyId, "text", new JsonObject { ["a"] = "1" });

        (await core.DecryptAsync(blob, JsonNode.Parse(context)!.AsObject())).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task Decrypt_EachByteFlippedAndEachTruncation_HasTheOneFailure()
    {
        var bytes = Convert.FromBase64String(await core.EncryptAsync(keyId, "text"));
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] ^= 1;
            answers.Add(await FailureAsync(bytes));
            bytes[index] ^= 1;
            if (index > 0)
            {
                answers.Add(await FailureAsync(bytes[..index]));
            }
        }

        Assert.Equal("400 {\"Code\":\"InvalidParameter\",\"Parameter\":\"CiphertextBlob\",\"Message\":\"The specified parameter \\\"CiphertextBlob\\\" is not valid.\"}", Assert.Single(answers));
    }

    [Theory]
    [InlineData("\n", false)]
    [InlineData(" ", false)]
    [InlineData("AAAA", true)]
    [InlineData("!", true)]
    public async Task Decrypt_TextThatIsNotCanonical_HasTheOneFailure(string added, bool atEnd)
    {
        var blob = await core.EncryptAsync(keyId, "text");

        (await core.DecryptAsync(atEnd ? blob + added : blob.Insert(60, added))).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task Decrypt_UnknownVersion_HasTheOneFailure()
    {
        var bytes = Convert.FromBase64String(await core.EncryptAsync(keyId, "text"));
        Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()).CopyTo(bytes, 0);

        Assert.StartsWith("400 {\"Code\":\"InvalidParameter\",\"Parameter\":\"CiphertextBlob\"", await FailureAsync(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_OfAnotherAccount_HasTheOneFailure()
    {
        var blob = await core.EncryptAsync(keyId, "text");
        var claims = TestTickets.Claims(
            core.Clock.GetUtcNow(), TestCore.OtherAccount, "acs:ram::2000000000000002:root", "Decrypt",
            [new TicketResource($"acs:kms:{TestCore.Region}:{TestCore.OtherAccount}:key/unresolved", 0, 0)]);

        var answer = await core.SendWithAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, core.Tickets.Mint(claims));

        answer.ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Theory]
    [InlineData("""{}""", 32)]
    [InlineData("""{"KeySpec":"AES_256"}""", 32)]
    [InlineData("""{"KeySpec":"AES_128"}""", 16)]
    [InlineData("""{"NumberOfBytes":1}""", 1)]
    [InlineData("""{"NumberOfBytes":1024}""", 1024)]
    [InlineData("""{"KeySpec":"AES_256","NumberOfBytes":7}""", 7)]
    [InlineData("""{"KeySpec":"SM4_128","NumberOfBytes":16}""", 16)]
    public async Task GenerateDataKey_AnySize_ProtectsTheBase64OfTheBytes(string parameters, int length)
    {
        var answer = await core.OnKeyAsync("GenerateDataKey", keyId, JsonNode.Parse(parameters)!.AsObject());

        answer.ShouldBeOk();
        var plaintext = (string)answer.Json["Plaintext"]!;
        Assert.Equal(length, Convert.FromBase64String(plaintext).Length);
        Assert.Equal(plaintext, (string)(await core.DecryptAsync((string)answer.Json["CiphertextBlob"]!)).Json["Plaintext"]!);
    }

    [Theory]
    [InlineData("""{"NumberOfBytes":0}""", "NumberOfBytes")]
    [InlineData("""{"NumberOfBytes":1025}""", "NumberOfBytes")]
    [InlineData("""{"NumberOfBytes":"32"}""", "NumberOfBytes")]
    [InlineData("""{"NumberOfBytes":1.5}""", "NumberOfBytes")]
    [InlineData("""{"KeySpec":"SM4_128"}""", "KeySpec")]
    [InlineData("""{"KeySpec":"aes_256"}""", "KeySpec")]
    public async Task GenerateDataKey_BadSize_NamesTheParameter(string parameters, string parameter)
    {
        (await core.OnKeyAsync("GenerateDataKey", keyId, JsonNode.Parse(parameters)!.AsObject())).ShouldBe(400, "InvalidParameter", parameter);
        (await core.OnKeyAsync("GenerateDataKeyWithoutPlaintext", keyId, JsonNode.Parse(parameters)!.AsObject()))
            .ShouldBe(400, "InvalidParameter", parameter);
    }

    [Fact]
    public async Task GenerateDataKeyWithoutPlaintext_Answer_HasNoPlaintextButOneInside()
    {
        var answer = await core.OnKeyAsync("GenerateDataKeyWithoutPlaintext", keyId, new JsonObject { ["EncryptionContext"] = new JsonObject { ["a"] = "1" } });

        Assert.Equal(["CiphertextBlob", "KeyId", "KeyVersionId"], answer.Json.AsObject().Select(member => member.Key).Order());
        var opened = await core.DecryptAsync((string)answer.Json["CiphertextBlob"]!, new JsonObject { ["a"] = "1" });
        Assert.Equal(32, Convert.FromBase64String((string)opened.Json["Plaintext"]!).Length);
    }

    [Fact]
    public async Task GenerateDataKey_Twice_Differs() => Assert.NotEqual(
        (string)(await core.OnKeyAsync("GenerateDataKey", keyId)).Json["Plaintext"]!,
        (string)(await core.OnKeyAsync("GenerateDataKey", keyId)).Json["Plaintext"]!);

    private async Task<string> FailureAsync(byte[] blob)
    {
        var answer = await core.DecryptAsync(Convert.ToBase64String(blob));
        return $"{(int)answer.Status} {answer.Text}";
    }
}
