using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Tests.Operations;

public sealed class DataKeyExportTests : IAsyncLifetime
{
    private readonly RSA receiver = RSA.Create(2048);
    private readonly WrappingPair sm2 = WrappingPair.Generate(WrappingAlgorithms.EcSm2);
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync()
    {
        await core.DisposeAsync();
        receiver.Dispose();
        sm2.Dispose();
    }

    [Theory]
    [InlineData("RSAES_OAEP_SHA_256", 32, """{}""")]
    [InlineData("RSAES_OAEP_SHA_256", 16, """{"KeySpec":"AES_128"}""")]
    [InlineData("RSAES_OAEP_SHA_256", 190, """{"NumberOfBytes":190}""")]
    [InlineData("RSAES_OAEP_SHA_1", 214, """{"NumberOfBytes":214}""")]
    [InlineData("SM2PKE", 1024, """{"NumberOfBytes":1024}""")]
    [InlineData("SM2PKE", 1, """{"NumberOfBytes":1}""")]
    public async Task GenerateAndExport_ThenExportAgain_IsTheSameDataKey(string algorithm, int length, string parameters)
    {
        var keyId = await core.CreateKeyAsync();
        var body = Receiver(algorithm);
        foreach (var (name, value) in JsonNode.Parse(parameters)!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        body["EncryptionContext"] = new JsonObject { ["a"] = "1" };
        var made = await core.OnKeyAsync("GenerateAndExportDataKey", keyId, body);
        made.ShouldBeOk();
        Assert.Null(made.Json["Plaintext"]);
        var dataKey = Open(algorithm, made);
        Assert.Equal(length, dataKey.Length);

        var blob = (string)made.Json["CiphertextBlob"]!;
        var exported = await ExportAsync(blob, Receiver(algorithm), new JsonObject { ["a"] = "1" });
        exported.ShouldBeOk();
        Assert.Equal(dataKey, Open(algorithm, exported));
        Assert.Equal(
            (keyId, (string)made.Json["KeyVersionId"]!, null),
            ((string)exported.Json["KeyId"]!, (string)exported.Json["KeyVersionId"]!, exported.Json["CiphertextBlob"]));
        Assert.Equal(Convert.ToBase64String(dataKey), (string)(await core.DecryptAsync(blob, new JsonObject { ["a"] = "1" })).Json["Plaintext"]!);
        (await ExportAsync(blob, Receiver(algorithm), [])).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Theory]
    [InlineData("RSAES_OAEP_SHA_256", 191)]
    [InlineData("RSAES_OAEP_SHA_1", 215)]
    public async Task DataKey_TooLongForTheReceiver_NamesTheParameter(string algorithm, int length)
    {
        var keyId = await core.CreateKeyAsync();
        var body = Receiver(algorithm);
        body["NumberOfBytes"] = length;
        var made = await core.OnKeyAsync("GenerateDataKey", keyId, new JsonObject { ["NumberOfBytes"] = length });

        (await core.OnKeyAsync("GenerateAndExportDataKey", keyId, body)).ShouldBe(400, "InvalidParameter", "NumberOfBytes");
        (await ExportAsync((string)made.Json["CiphertextBlob"]!, Receiver(algorithm), [])).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task ExportDataKey_OfTextThatIsNone_IsRefused()
    {
        var keyId = await core.CreateKeyAsync();

        (await ExportAsync(await core.EncryptAsync(keyId, "no base64!"), Receiver("RSAES_OAEP_SHA_256"), [])).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    public static TheoryData<string, string> WrongKeys()
    {
        using var rsa1024 = RSA.Create(1024);
        using var rsa3072 = RSA.Create(3072);
        using var rsa2048 = RSA.Create(2048);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var curve = WrappingPair.Generate(WrappingAlgorithms.EcSm2);
        return new TheoryData<string, string>
        {
            { "RSAES_OAEP_SHA_256", Convert.ToBase64String(rsa1024.ExportSubjectPublicKeyInfo()) },
            { "RSAES_OAEP_SHA_256", Convert.ToBase64String(rsa3072.ExportSubjectPublicKeyInfo()) },
            { "RSAES_OAEP_SHA_256", Convert.ToBase64String(rsa2048.ExportRSAPublicKey()) },
            { "RSAES_OAEP_SHA_256", Convert.ToBase64String([.. rsa2048.ExportSubjectPublicKeyInfo(), 0]) },
            { "RSAES_OAEP_SHA_256", Convert.ToBase64String(curve.PublicKey) },
            { "RSAES_OAEP_SHA_256", "AAAA" },
            { "RSAES_OAEP_SHA_256", "-----" },
            { "SM2PKE", Convert.ToBase64String(p256.ExportSubjectPublicKeyInfo()) },
            { "SM2PKE", Convert.ToBase64String(rsa2048.ExportSubjectPublicKeyInfo()) },
            { "SM2PKE", Convert.ToBase64String([.. curve.PublicKey, 0]) },
            { "SM2PKE", Convert.ToBase64String([.. curve.PublicKey[..^1], (byte)(curve.PublicKey[^1] ^ 1)]) },
            { "SM2PKE", "AAAA" },
        };
    }

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task PublicKeyBlob_OfAnotherKind_IsRefused(string algorithm, string publicKey)
    {
        var body = Receiver(algorithm);
        body["PublicKeyBlob"] = publicKey;

        (await core.OnKeyAsync("GenerateAndExportDataKey", await core.CreateKeyAsync(), body)).ShouldBe(400, "InvalidParameter", "PublicKeyBlob");
    }

    [Theory]
    [InlineData("RSAES_PKCS1_V1_5", "RSA_2048")]
    [InlineData("SM2PKE", "RSA_2048")]
    [InlineData("RSAES_OAEP_SHA_256", "EC_SM2")]
    public async Task WrappingAlgorithm_ThatDoesNotFit_IsRefused(string algorithm, string spec)
    {
        var body = Receiver("RSAES_OAEP_SHA_256");
        (body["WrappingAlgorithm"], body["WrappingKeySpec"]) = (algorithm, spec);

        (await core.OnKeyAsync("GenerateAndExportDataKey", await core.CreateKeyAsync(), body)).ShouldBe(400, "InvalidParameter", "WrappingAlgorithm");
    }

    private byte[] Open(string algorithm, CoreAnswer answer)
    {
        var wrapped = Convert.FromBase64String((string)answer.Json["ExportedDataKey"]!);
        return algorithm switch
        {
            "SM2PKE" => Sm2Keys.TryDecrypt(sm2.PrivateKey, wrapped)!,
            "RSAES_OAEP_SHA_1" => receiver.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA1),
            _ => receiver.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA256),
        };
    }

    private JsonObject Receiver(string algorithm) => new()
    {
        ["PublicKeyBlob"] = Convert.ToBase64String(algorithm == "SM2PKE" ? sm2.PublicKey : receiver.ExportSubjectPublicKeyInfo()),
        ["WrappingAlgorithm"] = algorithm,
        ["WrappingKeySpec"] = algorithm == "SM2PKE" ? "EC_SM2" : "RSA_2048",
    };

    private async Task<CoreAnswer> ExportAsync(string blob, JsonObject body, JsonObject context)
    {
        body["CiphertextBlob"] = blob;
        body["EncryptionContext"] = context;
        return await core.SendAsync("ExportDataKey", body, await core.CiphertextResourceAsync(blob));
    }
}
