using System.Security.Cryptography;

namespace KmsGateway.Gateway.Tests.Pipeline;

/// <summary><c>DryRun=true</c> over the wire, for every action that takes it and is served: how it ends, and that it does nothing.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private const string Unknown = "ffffffff-0000-4000-8000-000000000000";

    private ApiGateway gateway = null!;
    private string key = null!;
    private string macKey = null!;
    private string blob = null!;
    private string dataKey = null!;

    public async Task InitializeAsync()
    {
        gateway = await ApiGateway.StartAsync();
        key = await NewKeyAsync("Aliyun_SM4");
        macKey = await NewKeyAsync("HMAC_SHA_256");
        blob = (await gateway.KmsAsync(gateway.Root, "Encrypt", ("KeyId", key), ("Plaintext", "x")))["CiphertextBlob"];
        dataKey = (await gateway.KmsAsync(gateway.Root, "GenerateDataKey", ("KeyId", key)))["CiphertextBlob"];
    }

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task DryRun_OfWhatWouldSucceed_SaysSo()
    {
        foreach (var (action, parameters, _) in Calls())
        {
            foreach (var spelling in (string[])["true", "True"])
            {
                var answer = await DryAsync(gateway.Root, action, spelling, parameters);

                Assert.Equal((action, 400, "DryRunOperationError"), (action, answer.Status, answer.Code));
                Assert.Equal("(dry run) the request would have succeeded", answer["Message"]);
            }

            Assert.Equal((action, "OK"), (action, (await gateway.KmsAsync(gateway.Root, action, [.. parameters, ("DryRun", "false")])).Code));
        }
    }

    [Fact]
    public async Task DryRun_OfABadParameter_IsAValidationErrorThatNamesIt()
    {
        foreach (var (action, parameters, bad) in Calls())
        {
            var changed = parameters.Where(parameter => parameter.Name != bad.Name).Append(bad).ToArray();

            var answer = await DryAsync(gateway.Root, action, "true", changed);

            Assert.Equal((action, 400, "ValidationError"), (action, answer.Status, answer.Code));
            Assert.Contains($"\"{bad.Name}\"", answer["Message"], StringComparison.Ordinal);
            Assert.StartsWith("(dry run) ", answer["Message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DryRun_WithoutPermission_IsAnAccessDeniedError()
    {
        var stranger = await gateway.CreateUserAsync("stranger", """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        foreach (var (action, parameters, bad) in Calls())
        {
            // permission comes before parameters, as ever
            foreach (var given in ((string Name, string Value)[][])[parameters, [.. parameters.Where(each => each.Name != bad.Name), bad]])
            {
                if (given.All(each => each.Value.Length > 0))
                {
                    var answer = await DryAsync(stranger, action, "true", given);

                    Assert.Equal((action, 403, "AccessDeniedError"), (action, answer.Status, answer.Code));
                    Assert.True(answer.Body.TryGetProperty("AccessDeniedDetail", out _), action);
                }
            }
        }
    }

    [Fact]
    public async Task DryRun_WithPermissionForTheSourceAlone_IsRefusedForTheDestination()
    {
        var half = await gateway.CreateUserAsync("half", """{"Effect":"Allow","Action":"kms:ReEncryptFrom","Resource":"*"}""");

        var answer = await DryAsync(half, "ReEncrypt", "true", ("CiphertextBlob", blob), ("DestinationKeyId", key));

        Assert.Equal((403, "AccessDeniedError"), (answer.Status, answer.Code));
        Assert.Contains(key, answer["Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_WhatTheKeyRefuses_KeepsItsCode()
    {
        var disabled = await NewKeyAsync("Aliyun_AES_256");
        Assert.Equal("OK", (await gateway.KmsAsync(gateway.Root, "DisableKey", ("KeyId", disabled))).Code);

        Assert.Equal("Rejected.Disabled", (await DryAsync(gateway.Root, "Encrypt", "true", ("KeyId", disabled), ("Plaintext", "x"))).Code);
        Assert.Equal("Forbidden.KeyNotFound", (await DryAsync(gateway.Root, "Encrypt", "true", ("KeyId", Unknown), ("Plaintext", "x"))).Code);
        Assert.Equal("UnsupportedOperation", (await DryAsync(gateway.Root, "Encrypt", "true", ("KeyId", macKey), ("Plaintext", "x"))).Code);
    }

    [Fact]
    public async Task DryRun_OfCiphertextsThatDoNotOpen_AreOneOutcome()
    {
        string[] blobs = ["A" + blob[1..], blob[..^8] + "AAAAAAA=", Convert.ToBase64String(new byte[100])];
        foreach (var bad in blobs)
        {
            var answer = await DryAsync(gateway.Root, "Decrypt", "true", ("CiphertextBlob", bad));

            Assert.Equal(
                (400, "ValidationError", "(dry run) a parameter is not valid: The specified parameter \"CiphertextBlob\" is not valid."),
                (answer.Status, answer.Code, answer["Message"]));
        }
    }

    [Theory]
    [InlineData("maybe")]
    [InlineData("1")]
    public async Task DryRun_ThatIsNoBoolean_IsRefusedBeforeAnythingIsDone(string value)
    {
        var answer = await DryAsync(gateway.Root, "Encrypt", value, ("KeyId", key), ("Plaintext", "x"));

        Assert.Equal((400, "InvalidParameter", "The specified parameter \"DryRun\" is not valid."), (answer.Status, answer.Code, answer["Message"]));
    }

    [Fact]
    public async Task DryRun_IsInTheTrailWithItsOutcome()
    {
        var answer = await DryAsync(gateway.Root, "GenerateDataKey", "true", ("KeyId", key));

        var recorded = gateway.EventOf(answer.RequestId)!.Value;
        Assert.Equal("DryRunOperationError", recorded.GetProperty("errorCode").GetString());
        Assert.Equal("true", recorded.GetProperty("requestParameters").GetProperty("DryRun").ToString(), ignoreCase: true);
    }

    [Fact]
    public async Task DryRun_OfWhatHasNone_IsIgnored()
    {
        var answer = await DryAsync(gateway.Root, "DescribeKey", "true", ("KeyId", key));

        Assert.Equal("OK", answer.Code);
    }

    /// <summary>Each action with parameters that are right, and one that is not.</summary>
    private IEnumerable<(string Action, (string Name, string Value)[] Parameters, (string Name, string Value) Bad)> Calls()
    {
        using var pair = RSA.Create(2048);
        (string, string)[] receiver =
        [
            ("PublicKeyBlob", Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo())),
            ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
            ("WrappingKeySpec", "RSA_2048"),
        ];
        (string, string)[] message = [("KeyId", macKey), ("Algorithm", "HMAC_SHA_256"), ("Message", "aGVsbG8=")];
        return
        [
            ("Encrypt", [("KeyId", key), ("Plaintext", "x")], ("EncryptionContext", "[]")),
            ("Decrypt", [("CiphertextBlob", blob)], ("EncryptionContext", "[]")),
            ("GenerateDataKey", [("KeyId", key)], ("NumberOfBytes", "0")),
            ("GenerateDataKeyWithoutPlaintext", [("KeyId", key)], ("KeySpec", "AES_257")),
            ("ReEncrypt", [("CiphertextBlob", blob), ("DestinationKeyId", key)], ("DestinationEncryptionContext", "[]")),
            ("ExportDataKey", [("CiphertextBlob", dataKey), .. receiver], ("PublicKeyBlob", "QQ==")),
            ("GenerateAndExportDataKey", [("KeyId", key), .. receiver], ("NumberOfBytes", "191")),
            ("GenerateMac", message, ("Message", string.Empty)),
            ("VerifyMac", [.. message, ("Mac", "aGVsbG8=")], ("Algorithm", "HMAC_SHA_512")),
        ];
    }

    private async Task<string> NewKeyAsync(string spec)
    {
        var answer = await gateway.KmsAsync(gateway.Root, "CreateKey", ("KeySpec", spec));
        Assert.Equal("OK", answer.Code);
        return answer["KeyMetadata", "KeyId"];
    }

    private Task<ApiAnswer> DryAsync(ApiCaller caller, string action, string dryRun, params (string Name, string Value)[] parameters) =>
        gateway.KmsAsync(caller, action, [.. parameters, ("DryRun", dryRun)]);
}
