using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Tests.StateMachine;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Nothing slow is done for what will be refused, and nothing slow is done where everyone waits: on the writer's thread.</summary>
public sealed class ImportPreparationTests : IAsyncDisposable
{
    private readonly FaultyCore core = new(new CoreQuotas());
    private readonly ManualResetEventSlim gate = new();

    [Theory]
    [InlineData("RSAES_OAEP_SHA_256", "RSA_2048", "Aliyun_KMS", "Unsupported.Origin")]
    [InlineData("RSAES_OAEP_SHA_512", "RSA_2048", "EXTERNAL", "InvalidParameter")]
    [InlineData("RSAES_OAEP_SHA_256", "EC_SM2", "EXTERNAL", "InvalidParameter")]
    [InlineData("RSAES_OAEP_SHA_256", "RSA_2048", null, "Forbidden.KeyNotFound")]
    public async Task GetParametersForImport_ThatWillBeRefused_MakesNoPair(string algorithm, string spec, string? origin, string error)
    {
        var keyId = origin is null ? Guid.NewGuid().ToString() : await CreateKeyAsync(origin);

        Assert.Equal(error, await RefusalAsync("GetParametersForImport", Parameters(keyId, algorithm, spec)));
        Assert.False(core.Part<WrappingPairs>().IsStarted);
    }

    [Fact]
    public async Task GetParametersForImport_PastTheLimit_MakesNoPair()
    {
        var keyId = await CreateKeyAsync("EXTERNAL");
        for (var index = 0; index < 100; index++)
        {
            _ = await core.CallAsync("GetParametersForImport", Parameters(keyId, "SM2PKE", "EC_SM2"));
        }

        Assert.Equal("Rejected.LimitExceeded", await RefusalAsync("GetParametersForImport", Parameters(keyId, "RSAES_OAEP_SHA_1", "RSA_2048")));
        Assert.False(core.Part<WrappingPairs>().IsStarted);
    }

    [Fact]
    public async Task ImportKeyMaterial_ThatDoesNotUnwrap_IsRefusedWhileTheWriterIsBusy()
    {
        var keyId = await CreateKeyAsync("EXTERNAL");
        var given = await core.CallAsync("GetParametersForImport", Parameters(keyId, "SM2PKE", "EC_SM2"));
        var busy = core.Store.WriteAsync(_ =>
        {
            gate.Wait();
            return true;
        });

        var body = new JsonObject
        {
            ["KeyId"] = keyId,
            ["ImportToken"] = (string)given["ImportToken"]!,
            ["EncryptedKeyMaterial"] = Convert.ToBase64String(new byte[256]),
        };
        Assert.Equal("InvalidKeyMaterial", await RefusalAsync("ImportKeyMaterial", body).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(busy.IsCompleted);

        gate.Set();
        Assert.True(await busy);
    }

    /// <summary>What was true when the material was unwrapped need not be when it is stored.</summary>
    [Fact]
    public async Task ImportKeyMaterial_OfAKeyThatIsBeingDeletedMeanwhile_IsRefused()
    {
        var keyId = await CreateKeyAsync("EXTERNAL");
        var given = await core.CallAsync("GetParametersForImport", Parameters(keyId, "SM2PKE", "EC_SM2"));
        var busy = core.Store.WriteAsync(transaction =>
        {
            gate.Wait();
            transaction.EraseKey(keyId);
            return true;
        });
        var wrapped = Sm2Keys.TryEncrypt(Convert.FromBase64String((string)given["PublicKey"]!), new byte[32])!;

        var import = core.CallAsync("ImportKeyMaterial", new JsonObject
        {
            ["KeyId"] = keyId,
            ["ImportToken"] = (string)given["ImportToken"]!,
            ["EncryptedKeyMaterial"] = Convert.ToBase64String(wrapped),
        });
        gate.Set();

        Assert.True(await busy);
        _ = await Assert.ThrowsAsync<StaleTicketException>(() => import);
        Assert.Empty(core.Rows<string>("SELECT version_id FROM key_versions"));
    }

    public async ValueTask DisposeAsync()
    {
        await core.DisposeAsync();
        gate.Dispose();
    }

    private static JsonObject Parameters(string keyId, string algorithm, string spec) => new()
    {
        ["KeyId"] = keyId,
        ["WrappingAlgorithm"] = algorithm,
        ["WrappingKeySpec"] = spec,
    };

    private async Task<string> CreateKeyAsync(string origin) =>
        (string)(await core.CallAsync("CreateKey", new JsonObject { ["Origin"] = origin }))["KeyMetadata"]!["KeyId"]!;

    private async Task<string> RefusalAsync(string action, JsonObject body) =>
        (await Assert.ThrowsAsync<KmsException>(() => core.CallAsync(action, body))).Error.Code;
}
