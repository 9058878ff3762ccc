using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Tests.Operations;

public sealed class AsymmetricOperationTests : IAsyncLifetime
{
    private const string Sign = "SIGN/VERIFY";
    private const string Encrypt = "ENCRYPT/DECRYPT";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Digest = SHA256.HashData("message"u8);

    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [InlineData("RSA_2048", null, Encrypt)]
    [InlineData("RSA_2048", Sign, Sign)]
    [InlineData("RSA_3072", Encrypt, Encrypt)]
    [InlineData("RSA_3072", Sign, Sign)]
    [InlineData("EC_P256", null, Sign)]
    [InlineData("EC_P256K", Sign, Sign)]
    [InlineData("EC_SM2", null, Encrypt)]
    [InlineData("EC_SM2", Sign, Sign)]
    public async Task CreateKey_OfAPair_MakesAFirstVersionAndNoPrimary(string spec, string? usage, string expected)
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["KeySpec"] = spec, ["KeyUsage"] = usage });

        var metadata = await core.DescribeAsync(keyId);
        Assert.Equal(
            (spec, expected, "Enabled", "Disabled", "2026-03-04T05:06:07Z", null),
            ((string)metadata["KeySpec"]!, (string)metadata["KeyUsage"]!, (string)metadata["KeyState"]!,
                (string)metadata["AutomaticRotation"]!, (string)metadata["LastRotationDate"]!, (string?)metadata["PrimaryKeyVersion"]));
        Assert.Single(await core.VersionsAsync(keyId));
    }

    [Theory]
    [InlineData("""{"KeySpec":"RSA_4096"}""", 400, "InvalidParameter", "KeySpec")]
    [InlineData("""{"KeySpec":"RSA_2048","ProtectionLevel":"HSM"}""", 400, "Unsupported.ProtectionLevel", null)]
    [InlineData("""{"KeySpec":"RSA_2048","Origin":"EXTERNAL"}""", 400, "InvalidParameter", "Origin")]
    [InlineData("""{"KeySpec":"EC_P256K","KeyUsage":"ENCRYPT/DECRYPT"}""", 400, "InvalidParameter", "KeyUsage")]
    [InlineData("""{"KeySpec":"EC_P256","EnableAutomaticRotation":true,"RotationInterval":"7d"}""", 400, "InvalidParameter", "EnableAutomaticRotation")]
    public async Task CreateKey_OfAPairThatCannotBe_IsRefused(string parameters, int status, string code, string? parameter) =>
        (await core.SendAsync("CreateKey", JsonNode.Parse(parameters)!.AsObject(), TestCore.KeyBox)).ShouldBe(status, code, parameter);

    [Theory]
    [InlineData("RSA_2048", "RSA_PSS_SHA_256", 256)]
    [InlineData("RSA_2048", "RSA_PKCS1_SHA_256", 256)]
    [InlineData("RSA_3072", "RSA_PSS_SHA_256", 384)]
    [InlineData("RSA_3072", "RSA_PKCS1_SHA_256", 384)]
    [InlineData("EC_P256", "ECDSA_SHA_256", 0)]
    [InlineData("EC_P256K", "ECDSA_SHA_256", 0)]
    [InlineData("EC_SM2", "SM2DSA", 0)]
    public async Task Sign_EachAlgorithm_VerifiesAndNothingElseDoes(string spec, string algorithm, int length)
    {
        var key = await PairKey.ForAsync(core, spec, algorithm);
        var signature = await key.SignAsync(algorithm, Digest);

        Assert.True(length == 0 ? signature[0] == 0x30 : signature.Length == length);
        Assert.True(await key.VerifyAsync(algorithm, Digest, signature));
        Assert.False(await key.VerifyAsync(algorithm, SHA256.HashData("another"u8), signature));
        Assert.False(await key.VerifyAsync(algorithm, Digest, [.. signature, 0]));
        Assert.False(await key.VerifyAsync(algorithm, Digest, signature[..^1]));
        signature[^1] ^= 1;
        Assert.False(await key.VerifyAsync(algorithm, Digest, signature));
    }

    [Fact]
    public async Task Verify_WithAnotherAlgorithmOfTheKey_IsFalse()
    {
        var key = await PairKey.NewAsync(core, "RSA_2048", Sign);

        Assert.False(await key.VerifyAsync("RSA_PSS_SHA_256", Digest, await key.SignAsync("RSA_PKCS1_SHA_256", Digest)));
        Assert.False(await key.VerifyAsync("RSA_PKCS1_SHA_256", Digest, await key.SignAsync("RSA_PSS_SHA_256", Digest)));
    }

    [Theory]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_256", 190, 256)]
    [InlineData("RSA_2048", "RSAES_OAEP_SHA_1", 214, 256)]
    [InlineData("RSA_3072", "RSAES_OAEP_SHA_256", 318, 384)]
    [InlineData("RSA_3072", "RSAES_OAEP_SHA_1", 342, 384)]
    [InlineData("EC_SM2", "SM2PKE", 6047, 6144)]
    public async Task Encrypt_AtTheLimit_OpensAndOneMoreIsRefused(string spec, string algorithm, int most, int length)
    {
        var key = await PairKey.ForAsync(core, spec, algorithm);
        var plaintext = RandomNumberGenerator.GetBytes(most);
        var ciphertext = await key.EncryptAsync(algorithm, plaintext);

        Assert.Equal(length, ciphertext.Length);
        Assert.Equal(plaintext, await key.DecryptAsync(algorithm, ciphertext));
        Assert.NotEqual(ciphertext, await key.EncryptAsync(algorithm, plaintext));
        (await key.CallAsync("AsymmetricEncrypt", algorithm, ("Plaintext", Convert.ToBase64String(new byte[most + 1]))))
            .ShouldBe(400, "InvalidParameter", "Plaintext");
    }

    /// <summary>One answer, word for word, whatever is wrong.</summary>
    [Fact]
    public async Task Decrypt_WhatDoesNotOpen_IsTheOneAnswer()
    {
        var (key, other) = (await PairKey.NewAsync(core, "RSA_2048", Encrypt), await PairKey.NewAsync(core, "RSA_2048", Encrypt));
        var good = await key.EncryptAsync("RSAES_OAEP_SHA_256", [1, 2, 3]);
        byte[][] bad =
        [
            .. new[] { 0, 1, 128, 255 }.Select(index => Flipped(good, index)),
            good[1..], [.. good, 0], [0], new byte[256], Enumerable.Repeat((byte)255, 256).ToArray(),
            await key.EncryptAsync("RSAES_OAEP_SHA_1", [1, 2, 3]),
            await other.EncryptAsync("RSAES_OAEP_SHA_256", [1, 2, 3]),
        ];

        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ciphertext in bad)
        {
            var answer = await key.TryDecryptAsync("RSAES_OAEP_SHA_256", ciphertext);
            answer.ShouldBe(400, "InvalidParameter", "CiphertextBlob");
            _ = answers.Add(answer.Text);
        }

        Assert.Single(answers);
        Assert.Equal([1, 2, 3], await key.DecryptAsync("RSAES_OAEP_SHA_256", good));
    }

    public static TheoryData<string, string, string?, string, string, string?> Refusals => new()
    {
        { "RSA_2048 " + Sign, "AsymmetricSign", "ECDSA_SHA_256", "InvalidParameter", "Algorithm", null },
        { "RSA_2048 " + Sign, "AsymmetricSign", "RSAES_OAEP_SHA_256", "InvalidParameter", "Algorithm", null },
        { "RSA_2048 " + Sign, "AsymmetricSign", "rsa_pss_sha_256", "InvalidParameter", "Algorithm", null },
        { "RSA_2048 " + Sign, "AsymmetricSign", null, "MissingParameter", "Algorithm", null },
        { "RSA_2048 " + Sign, "AsymmetricEncrypt", "RSAES_OAEP_SHA_256", "Rejected.UnsupportedOperation", "", null },
        { "RSA_2048 " + Sign, "AsymmetricDecrypt", "RSAES_OAEP_SHA_256", "Rejected.UnsupportedOperation", "", null },
        { "EC_P256 " + Sign, "AsymmetricSign", "RSA_PSS_SHA_256", "InvalidParameter", "Algorithm", null },
        { "EC_P256 " + Sign, "AsymmetricSign", "SM2DSA", "InvalidParameter", "Algorithm", null },
        { "EC_P256 " + Sign, "AsymmetricSign", "ECDSA_SHA_256", "MissingParameter", "Digest", "Digest" },
        { "EC_P256 " + Sign, "AsymmetricVerify", "ECDSA_SHA_256", "MissingParameter", "Value", "Value" },
        { "EC_P256 " + Sign, "AsymmetricVerify", "ECDSA_SHA_256", "MissingParameter", "KeyVersionId", "KeyVersionId" },
        { "RSA_2048 " + Encrypt, "AsymmetricSign", "RSA_PSS_SHA_256", "Rejected.UnsupportedOperation", "", null },
        { "RSA_2048 " + Encrypt, "AsymmetricVerify", "RSA_PSS_SHA_256", "Rejected.UnsupportedOperation", "", null },
        { "RSA_2048 " + Encrypt, "AsymmetricEncrypt", "SM2PKE", "InvalidParameter", "Algorithm", null },
        { "RSA_2048 " + Encrypt, "AsymmetricEncrypt", "RSAES_PKCS1_V1_5", "InvalidParameter", "Algorithm", null },
        { "RSA_2048 " + Encrypt, "AsymmetricEncrypt", "RSAES_OAEP_SHA_1", "MissingParameter", "Plaintext", "Plaintext" },
        { "RSA_2048 " + Encrypt, "AsymmetricDecrypt", "RSAES_OAEP_SHA_1", "MissingParameter", "CiphertextBlob", "CiphertextBlob" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Call_ThatDoesNotFit_NamesWhatIsWrong(
        string made, string action, string? algorithm, string code, string parameter, string? leftOut)
    {
        var key = await PairKey.NewAsync(core, made.Split(' ')[0], made.Split(' ')[1]);
        var body = Everything(algorithm, key.VersionId);
        if (leftOut is not null)
        {
            _ = body.Remove(leftOut);
        }

        (await core.OnKeyAsync(action, key.KeyId, body)).ShouldBe(400, code, parameter.Length == 0 ? null : parameter);
    }

    [Theory]
    [InlineData("AsymmetricSign", "Digest", 31)]
    [InlineData("AsymmetricSign", "Digest", 33)]
    [InlineData("AsymmetricSign", "Digest", 20)]
    [InlineData("AsymmetricVerify", "Digest", 48)]
    [InlineData("AsymmetricSign", "Digest", -1)]
    [InlineData("AsymmetricVerify", "Value", -1)]
    [InlineData("AsymmetricVerify", "Value", 2000)]
    public async Task Digest_OfAnotherLength_IsRefused(string action, string parameter, int length)
    {
        var key = await PairKey.NewAsync(core, "EC_P256", Sign);
        var body = Everything("ECDSA_SHA_256", key.VersionId);
        body[parameter] = length < 0 ? "not base64" : Convert.ToBase64String(new byte[length]);

        (await core.OnKeyAsync(action, key.KeyId, body)).ShouldBe(400, "InvalidParameter", parameter);
    }

    [Theory]
    [InlineData("GetPublicKey")]
    [InlineData("AsymmetricSign")]
    [InlineData("AsymmetricVerify")]
    [InlineData("AsymmetricEncrypt")]
    [InlineData("AsymmetricDecrypt")]
    public async Task Call_OnASymmetricKey_IsRejected(string action)
    {
        var keyId = await core.CreateKeyAsync();
        var body = Everything(action.EndsWith("crypt", StringComparison.Ordinal) ? "RSAES_OAEP_SHA_256" : "RSA_PSS_SHA_256", (await core.VersionsAsync(keyId))[0]);

        (await core.OnKeyAsync(action, keyId, body)).ShouldBe(400, "Rejected.UnsupportedOperation");
    }

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("GenerateDataKey")]
    [InlineData("GenerateDataKeyWithoutPlaintext")]
    public async Task SymmetricCall_OnAPair_IsNotSupported(string action)
    {
        var key = await PairKey.NewAsync(core, "RSA_2048", Encrypt);

        (await core.OnKeyAsync(action, key.KeyId, new JsonObject { ["Plaintext"] = "x" })).ShouldBe(400, "UnsupportedOperation");
    }

    [Theory]
    [InlineData("GetPublicKey")]
    [InlineData("AsymmetricSign")]
    public async Task Version_OfAnotherKeyOrOfNone_IsNotFound(string action)
    {
        var (key, other) = (await PairKey.NewAsync(core, "EC_P256", Sign), await PairKey.NewAsync(core, "EC_P256", Sign));
        foreach (var version in (string[])[other.VersionId, Guid.NewGuid().ToString("D"), "nothing"])
        {
            (await core.OnKeyAsync(action, key.KeyId, Everything("ECDSA_SHA_256", version))).ShouldBe(404, "Forbidden.KeyVersionNotFound");
        }
    }

    [Fact]
    public async Task Alias_LeadsToThePair()
    {
        var key = await PairKey.NewAsync(core, "EC_P256", Sign);
        await core.CreateAliasAsync("alias/pair", key.KeyId);
        var body = Everything("ECDSA_SHA_256", key.VersionId);
        body["KeyId"] = "alias/pair";

        var answer = await core.SendAsync("AsymmetricSign", body, await core.KeyBehindAsync("alias/pair"));

        answer.ShouldBeOk();
        Assert.Equal(key.KeyId, (string)answer.Json["KeyId"]!);
    }

    [Fact]
    public async Task CreateKeyVersion_AfterSevenDays_MakesAnotherThatCallersChoose()
    {
        var key = await PairKey.NewAsync(core, "EC_P256", Sign);
        (await core.OnKeyAsync("CreateKeyVersion", key.KeyId)).ShouldBe(400, "Rejected.UnsupportedOperation");
        core.Clock.Advance(TimeSpan.FromDays(7));

        var answer = await core.OnKeyAsync("CreateKeyVersion", key.KeyId);

        answer.ShouldBeOk();
        var next = key with { VersionId = (string)answer.Json["KeyVersion"]!["KeyVersionId"]! };
        Assert.Equal([next.VersionId, key.VersionId], await core.VersionsAsync(key.KeyId));
        Assert.NotEqual(await key.PublicKeyAsync(), await next.PublicKeyAsync());
        Assert.Null((await core.DescribeAsync(key.KeyId))["PrimaryKeyVersion"]);
        Assert.Equal("2026-03-11T05:06:07Z", (string)(await core.DescribeAsync(key.KeyId))["LastRotationDate"]!);
        var signature = await key.SignAsync("ECDSA_SHA_256", Digest);
        Assert.True(await key.VerifyAsync("ECDSA_SHA_256", Digest, signature));
        Assert.False(await next.VerifyAsync("ECDSA_SHA_256", Digest, signature));
    }

    [Fact]
    public async Task Pair_SurvivesARestartAndIsGoneWithItsKey()
    {
        using var directory = new TempDirectory();
        await using var own = await TestCore.StartAsync(directory: directory);
        var key = await PairKey.NewAsync(own, "EC_P256K", Sign);
        var pem = await key.PublicKeyAsync();
        await own.StopCoreAsync();
        await own.StartCoreAsync();
        Assert.Equal(pem, await key.PublicKeyAsync());

        (await own.OnKeyAsync("ScheduleKeyDeletion", key.KeyId, new JsonObject { ["PendingWindowInDays"] = 7 })).ShouldBeOk();
        (await key.CallAsync("GetPublicKey", null)).ShouldBe(409, "Rejected.PendingDeletion");
        own.Clock.Advance(TimeSpan.FromDays(7));
        await own.RunScheduledWorkAsync();
        await own.StopCoreAsync();
        Assert.Equal(0, own.Scalar("SELECT count(*) FROM key_versions"));
    }

    [Fact]
    public async Task SealedRecord_OfAnotherVersion_DoesNotOpen()
    {
        using var directory = new TempDirectory();
        await using var own = await TestCore.StartAsync(directory: directory);
        var (key, other) = (await PairKey.NewAsync(own, "EC_P256", Sign), await PairKey.NewAsync(own, "EC_P256", Sign));
        await own.StopCoreAsync();
        own.Alter($"UPDATE key_versions SET sealed = (SELECT sealed FROM key_versions WHERE version_id = '{other.VersionId}') WHERE version_id = '{key.VersionId}'");
        await own.StartCoreAsync();

        Assert.Equal(500, (int)(await key.CallAsync("GetPublicKey", null)).Status);
        Assert.NotEmpty(await other.SignAsync("ECDSA_SHA_256", Digest));
    }

    [Fact]
    public async Task Quota_OfVersionsOfPairs_HoldsAtItsLimit()
    {
        await using var small = await TestCore.StartAsync(new() { AsymmetricVersionsPerRegion = 2, AsymmetricVersionIntervalDays = 0 });
        var key = await PairKey.NewAsync(small, "EC_P256", Sign);
        (await small.OnKeyAsync("CreateKeyVersion", key.KeyId)).ShouldBeOk();

        (await small.OnKeyAsync("CreateKeyVersion", key.KeyId)).ShouldBe(400, "Rejected.LimitExceeded");
        (await small.SendAsync("CreateKey", new JsonObject { ["KeySpec"] = "EC_P256" }, TestCore.KeyBox)).ShouldBe(400, "Rejected.LimitExceeded");
        _ = await small.CreateKeyAsync();
    }

    [Fact]
    public async Task Quota_ThatIsSpent_IsToldBeforeAPairIsMade()
    {
        await using var small = await TestCore.StartAsync(new() { AsymmetricVersionsPerRegion = 1, AsymmetricVersionIntervalDays = 0 });
        var key = await PairKey.NewAsync(small, "RSA_2048", Sign);
        using var gate = new ManualResetEventSlim();
        var busy = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(index => small.Part<PairGeneration>().RunAsync($"{index}", KeySpec.All["RSA_2048"], () => gate.Wait(Timeout.Infinite, CancellationToken.None))).ToArray();
        try
        {
            (await small.OnKeyAsync("CreateKeyVersion", key.KeyId).WaitAsync(Patience)).ShouldBe(400, "Rejected.LimitExceeded");
            (await small.SendAsync("CreateKey", new JsonObject { ["KeySpec"] = "RSA_3072" }, TestCore.KeyBox).WaitAsync(Patience))
                .ShouldBe(400, "Rejected.LimitExceeded");
        }
        finally
        {
            gate.Set();
            await Task.WhenAll(busy);
        }
    }

    [Theory]
    [InlineData("v")]
    [InlineData("AAAAAAAA-0000-4000-8000-000000000000")]
    [InlineData("aaaaaaaa-0000-4000-8000-00000000000g")]
    public async Task Call_WithAVersionThatIsNoLowerCaseUuid_LooksNothingUp(string versionId)
    {
        var key = await PairKey.NewAsync(core, "EC_P256", Sign);
        core.Alter($"INSERT INTO key_versions (version_id, key_id, created_at, epoch, sealed) SELECT '{versionId}', key_id, 0, epoch, sealed FROM key_versions WHERE version_id = '{key.VersionId}'");

        (await (key with { VersionId = versionId }).CallAsync("GetPublicKey", null)).ShouldBe(404, "Forbidden.KeyVersionNotFound");
    }

    [Fact]
    public async Task ReEncrypt_FromAPair_ProtectsTheTextThatDecryptWouldAnswer()
    {
        var (key, to) = (await PairKey.NewAsync(core, "RSA_2048", Encrypt), await core.CreateKeyAsync());
        var body = new JsonObject
        {
            ["CiphertextBlob"] = Convert.ToBase64String(await key.EncryptAsync("RSAES_OAEP_SHA_256", [1, 2, 3])),
            ["SourceKeyId"] = key.KeyId,
            ["SourceKeyVersionId"] = key.VersionId,
            ["SourceEncryptionAlgorithm"] = "RSAES_OAEP_SHA_256",
            ["SourceEncryptionContext"] = new JsonObject { ["ignored"] = "yes" },
            ["DestinationKeyId"] = to,
            ["DestinationEncryptionContext"] = new JsonObject { ["a"] = "1" },
        };

        var answer = await core.SendAsync("ReEncrypt", body, await core.KeyAsync(key.KeyId), await core.KeyAsync(to));

        answer.ShouldBeOk();
        Assert.Equal(to, (string)answer.Json["KeyId"]!);
        var opened = await core.DecryptAsync((string)answer.Json["CiphertextBlob"]!, new JsonObject { ["a"] = "1" });
        Assert.Equal("AQID", (string)opened.Json["Plaintext"]!);

        body["SourceEncryptionAlgorithm"] = "RSAES_OAEP_SHA_1";
        (await core.SendAsync("ReEncrypt", body, await core.KeyAsync(key.KeyId), await core.KeyAsync(to))).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
        body["SourceEncryptionAlgorithm"] = "SM2PKE";
        (await core.SendAsync("ReEncrypt", body, await core.KeyAsync(key.KeyId), await core.KeyAsync(to))).ShouldBe(400, "InvalidParameter", "SourceEncryptionAlgorithm");
        body["SourceEncryptionAlgorithm"] = "RSAES_OAEP_SHA_256";
        body["DestinationKeyId"] = key.KeyId;
        (await core.SendAsync("ReEncrypt", body, await core.KeyAsync(key.KeyId), await core.KeyAsync(key.KeyId))).ShouldBe(400, "UnsupportedOperation");
    }

    [Theory]
    [InlineData("AsymmetricSign", "EC_P256", "ECDSA_SHA_256")]
    [InlineData("AsymmetricVerify", "EC_P256", "ECDSA_SHA_256")]
    [InlineData("GetPublicKey", "EC_P256", "ECDSA_SHA_256")]
    [InlineData("AsymmetricEncrypt", "RSA_2048", "RSAES_OAEP_SHA_256")]
    [InlineData("AsymmetricDecrypt", "RSA_2048", "RSAES_OAEP_SHA_256")]
    public async Task DryRun_NeverActs(string action, string spec, string algorithm)
    {
        var key = await PairKey.ForAsync(core, spec, algorithm);
        var body = Everything(algorithm, key.VersionId);
        body["DryRun"] = true;
        if (action == "AsymmetricDecrypt")
        {
            (await core.OnKeyAsync(action, key.KeyId, body)).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
            body["CiphertextBlob"] = Convert.ToBase64String(await key.EncryptAsync(algorithm, [1]));
        }

        (await core.OnKeyAsync(action, key.KeyId, body)).ShouldBe(400, "DryRunOperationError");
    }

    private static JsonObject Everything(string? algorithm, string versionId) => new()
    {
        ["Algorithm"] = algorithm,
        ["KeyVersionId"] = versionId,
        ["Digest"] = Convert.ToBase64String(Digest),
        ["Value"] = Convert.ToBase64String(new byte[256]),
        ["Plaintext"] = "AQID",
        ["CiphertextBlob"] = Convert.ToBase64String(new byte[256]),
    };

    private static byte[] Flipped(byte[] bytes, int index)
    {
        var copy = (byte[])bytes.Clone();
        copy[index] ^= 1;
        return copy;
    }
}
