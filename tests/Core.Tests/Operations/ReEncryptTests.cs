using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Operations;

public sealed class ReEncryptTests : IAsyncLifetime
{
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task ReEncrypt_ToAnotherKeyAndContext_OpensThereOnly()
    {
        var (from, to) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        await core.CreateAliasAsync("alias/to", to);
        var blob = await core.EncryptAsync(from, "text", new JsonObject { ["a"] = "1" });

        var answer = await core.SendAsync(
            "ReEncrypt",
            new JsonObject
            {
                ["CiphertextBlob"] = blob,
                ["SourceEncryptionContext"] = new JsonObject { ["a"] = "1" },
                ["DestinationKeyId"] = "alias/to",
                ["DestinationEncryptionContext"] = new JsonObject { ["b"] = "2" },
            },
            await core.KeyAsync(from),
            await core.KeyBehindAsync("alias/to"));

        answer.ShouldBeOk();
        Assert.Equal(
            (to, (string)(await core.DescribeAsync(to))["PrimaryKeyVersion"]!, null),
            ((string)answer.Json["KeyId"]!, (string)answer.Json["KeyVersionId"]!, answer.Json["Plaintext"]));
        var moved = (string)answer.Json["CiphertextBlob"]!;
        var opened = await core.DecryptAsync(moved, new JsonObject { ["b"] = "2" });
        Assert.Equal((to, "text"), ((string)opened.Json["KeyId"]!, (string)opened.Json["Plaintext"]!));
        (await core.DecryptAsync(moved, new JsonObject { ["a"] = "1" })).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Fact]
    public async Task ReEncrypt_OnTheSameKey_MovesToTheNewestVersion()
    {
        var key = await core.CreateKeyAsync(new JsonObject { ["EnableAutomaticRotation"] = true, ["RotationInterval"] = "7d" });
        var old = await core.EncryptAsync(key, "text");
        core.Clock.Advance(TimeSpan.FromDays(7));
        await core.RunScheduledWorkAsync();

        var answer = await ReEncryptAsync(old, key, key);

        answer.ShouldBeOk();
        Assert.Equal((await core.VersionsAsync(key))[0], (string)answer.Json["KeyVersionId"]!);
    }

    [Fact]
    public async Task ReEncrypt_WhatDoesNotOpen_IsTheOneAnswer()
    {
        var (from, to) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        var blob = await core.EncryptAsync(from, "text", new JsonObject { ["a"] = "1" });

        (await ReEncryptAsync(blob, from, to)).ShouldBe(400, "InvalidParameter", "CiphertextBlob");
        var stranger = new TicketResource(TestCore.KeyArn("unresolved"), 0, 0);
        (await core.SendAsync("ReEncrypt", Body(new string('A', 200), to), stranger, await core.KeyAsync(to)))
            .ShouldBe(400, "InvalidParameter", "CiphertextBlob");
    }

    [Theory]
    [InlineData("DisableKey", "Rejected.Disabled")]
    [InlineData("ScheduleKeyDeletion", "Rejected.PendingDeletion")]
    public async Task ReEncrypt_SourceThatRests_IsRefused(string stop, string code)
    {
        var (from, to) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        var blob = await core.EncryptAsync(from, "text");
        (await core.OnKeyAsync(stop, from)).ShouldBeOk();

        (await ReEncryptAsync(blob, from, to)).ShouldBe(409, code);
    }

    [Theory]
    [InlineData("""{"SourceKeyId":"KEY"}""", 400, "MissingParameter", "SourceKeyVersionId")]
    [InlineData("""{"SourceKeyId":"KEY","SourceKeyVersionId":"v"}""", 400, "MissingParameter", "SourceEncryptionAlgorithm")]
    [InlineData("""{"SourceKeyVersionId":"v"}""", 400, "MissingParameter", "SourceKeyId")]
    [InlineData("""{"SourceKeyId":"KEY","SourceKeyVersionId":"v","SourceEncryptionAlgorithm":"SM2PKE"}""", 400, "Rejected.UnsupportedOperation", null)]
    public async Task ReEncrypt_AsIfFromAKeyPair_IsRefused(string more, int status, string code, string? parameter)
    {
        var (from, to) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        var body = Body(await core.EncryptAsync(from, "text"), to);
        foreach (var (name, value) in JsonNode.Parse(more.Replace("KEY", from, StringComparison.Ordinal))!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        (await core.SendAsync("ReEncrypt", body, await core.KeyAsync(from), await core.KeyAsync(to))).ShouldBe(status, code, parameter);
    }

    [Fact]
    public async Task ReEncrypt_OutOfAServiceKey_IsForbidden()
    {
        var (service, to) = (await core.ServiceKeyAsync("oss"), await core.CreateKeyAsync());
        var sealedByOss = await core.SendAsAsync(
            Ticket.ServiceSubject(TestCore.Account, "oss"), "Encrypt", new JsonObject { ["KeyId"] = service, ["Plaintext"] = "x" }, await core.KeyAsync(service));

        (await ReEncryptAsync((string)sealedByOss.Json["CiphertextBlob"]!, service, to)).ShouldBe(403, "Forbidden.NoPermission");
    }

    [Fact]
    public async Task ReEncrypt_DryRun_NeverActs()
    {
        var (from, to) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        var body = Body(await core.EncryptAsync(from, "text"), to);
        body["DryRun"] = true;

        (await core.SendAsync("ReEncrypt", body, await core.KeyAsync(from), await core.KeyAsync(to))).ShouldBe(400, "DryRunOperationError");
    }

    private static JsonObject Body(string blob, string to) => new() { ["CiphertextBlob"] = blob, ["DestinationKeyId"] = to };

    private async Task<CoreAnswer> ReEncryptAsync(string blob, string from, string to) =>
        await core.SendAsync("ReEncrypt", Body(blob, to), await core.KeyAsync(from), await core.KeyAsync(to));
}
