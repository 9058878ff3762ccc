using System.Net;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Tickets;

/// <summary>A decision is never applied to metadata it was not made for (decisions.md D1, D3; threats 14, 16, 17).</summary>
public sealed class StaleTicketTests : IAsyncLifetime
{
    private const string Alias = "alias/app";

    private TestCore core = null!;
    private string keyId = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        keyId = await core.CreateKeyAsync();
        await core.CreateAliasAsync(Alias, keyId);
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task Encrypt_TagChangedAfterTheDecision_IsStaleWithFreshTags()
    {
        var decided = await core.KeyAsync(keyId);
        await TagAsync("Project", "Apollo");

        var answer = await EncryptAsync(keyId, decided);

        var fresh = Fresh(answer).Single()!;
        Assert.Equal("Apollo", (string)fresh["tags"]!["Project"]!);
        Assert.Equal(decided.MetadataVersion + 1, (long)fresh["metadataVersion"]!);
        (await EncryptAsync(keyId, decided with { MetadataVersion = (long)fresh["metadataVersion"]! })).ShouldBeOk();
    }

    [Fact]
    public async Task Encrypt_TagTakenOffAfterTheDecision_IsStale()
    {
        await TagAsync("Project", "Apollo");
        var decided = await core.KeyAsync(keyId);
        (await core.OnKeyAsync("UntagResource", keyId, new JsonObject { ["TagKeys"] = new JsonArray("Project") })).ShouldBeOk();

        Assert.Equal(HttpStatusCode.Conflict, (await EncryptAsync(keyId, decided)).Status);
    }

    [Fact]
    public async Task Encrypt_StateChangedAfterTheDecision_IsNotStaleButRefusedLive()
    {
        var decided = await core.KeyAsync(keyId);
        (await core.OnKeyAsync("DisableKey", keyId)).ShouldBeOk();

        (await EncryptAsync(keyId, decided)).ShouldBe(409, "Rejected.Disabled");
    }

    [Fact]
    public async Task Encrypt_AliasMovedAfterTheDecision_IsStaleWithTheNewKey()
    {
        var decided = await core.KeyBehindAsync(Alias);
        var other = await core.CreateKeyAsync();
        await MoveAsync(other);

        var fresh = Fresh(await EncryptAsync(Alias, decided)).Single()!;

        Assert.Equal(TestCore.KeyArn(other), (string)fresh["keyArn"]!);
        (await EncryptAsync(Alias, await core.KeyBehindAsync(Alias))).ShouldBeOk();
    }

    [Fact]
    public async Task Encrypt_AliasMovedAwayAndBack_IsStale()
    {
        var decided = await core.KeyBehindAsync(Alias);
        var other = await core.CreateKeyAsync();
        await MoveAsync(other);
        await MoveAsync(keyId);

        Assert.Equal(HttpStatusCode.Conflict, (await EncryptAsync(Alias, decided)).Status);
    }

    [Fact]
    public async Task Encrypt_AliasDeletedAndMadeAgain_IsStale()
    {
        var decided = await core.KeyBehindAsync(Alias);
        await DeleteAsync();
        await core.CreateAliasAsync(Alias, keyId);

        var answer = await EncryptAsync(Alias, decided);

        Assert.True((long)Fresh(answer).Single()!["aliasGeneration"]! > decided.AliasGeneration);
    }

    [Fact]
    public async Task Encrypt_AliasDeletedAfterTheDecision_IsStaleWithNothing()
    {
        var decided = await core.KeyBehindAsync(Alias);
        await DeleteAsync();

        Assert.Null(Fresh(await EncryptAsync(Alias, decided)).Single());
    }

    [Fact]
    public async Task Encrypt_TicketByIdUsedWithAnAliasToAnotherKey_IsRefused()
    {
        var other = await core.KeyAsync(await core.CreateKeyAsync());

        (await EncryptAsync(Alias, other)).ShouldBe(403, "Forbidden.NoPermission");
    }

    [Fact]
    public async Task Encrypt_TicketOfALaterAliasUsedWithThisOne_IsRefused()
    {
        await core.CreateAliasAsync("alias/later", await core.CreateKeyAsync());

        (await EncryptAsync(Alias, await core.KeyBehindAsync("alias/later"))).ShouldBe(403, "Forbidden.NoPermission");
    }

    [Fact]
    public async Task Encrypt_TicketByIdUsedWithAnAliasToTheKey_IsStale() =>
        Assert.Equal(HttpStatusCode.Conflict, (await EncryptAsync(Alias, await core.KeyAsync(keyId))).Status);

    [Fact]
    public async Task Encrypt_UnknownAliasWithItsLiteralTicket_IsNotFound() =>
        (await EncryptAsync("alias/none", new TicketResource(TestCore.KeyArn("alias/none"), 0, 0))).ShouldBe(404, "Forbidden.AliasNotFound");

    [Fact]
    public async Task Encrypt_UnknownKeyWithItsLiteralTicket_IsNotFound()
    {
        var unknown = Guid.NewGuid().ToString();

        (await EncryptAsync(unknown, new TicketResource(TestCore.KeyArn(unknown), 0, 0))).ShouldBe(404, "Forbidden.KeyNotFound");
    }

    [Fact]
    public async Task Encrypt_UnknownKeyWithATicketForAKnownOne_IsRefused() =>
        (await EncryptAsync(Guid.NewGuid().ToString(), await core.KeyAsync(keyId))).ShouldBe(403, "Forbidden.NoPermission");

    [Fact]
    public async Task Encrypt_KeyDestroyedAfterTheDecision_IsStaleWithNothing()
    {
        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId, new JsonObject { ["PendingWindowInDays"] = 7 })).ShouldBeOk();
        var decided = await core.KeyAsync(keyId);
        core.Clock.Advance(TimeSpan.FromDays(7));

        Assert.Null(Fresh(await EncryptAsync(keyId, decided)).Single());
    }

    [Fact]
    public async Task Decrypt_TagChangedAfterTheDecision_IsStale()
    {
        var blob = await core.EncryptAsync(keyId, "text");
        var decided = await core.CiphertextResourceAsync(blob);
        await TagAsync("a", "b");

        var answer = await core.SendAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, decided);

        Assert.Single(Fresh(answer));
    }

    [Fact]
    public async Task Decrypt_KeyDestroyedAfterTheDecision_IsStaleWithNothing()
    {
        var blob = await core.EncryptAsync(keyId, "text");
        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId)).ShouldBeOk();
        var decided = await core.CiphertextResourceAsync(blob);
        core.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Null(Fresh(await core.SendAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, decided)).Single());
    }

    [Fact]
    public async Task UpdateAlias_MovedBetweenDecisionAndCall_IsStaleInTheOrderOfTheTicket()
    {
        var other = await core.CreateKeyAsync();
        TicketResource[] decided = [await core.KeyBehindAsync(Alias), await core.KeyAsync(keyId), await core.AliasAsync(Alias)];
        await MoveAsync(other);

        var answer = await core.SendAsync("UpdateAlias", new JsonObject { ["AliasName"] = Alias, ["KeyId"] = keyId }, decided);

        Assert.Equal(
            [TestCore.KeyArn(other), TestCore.KeyArn(keyId), TestCore.KeyArn(other)],
            Fresh(answer).Select(fresh => (string)fresh!["keyArn"]!));
    }

    [Fact]
    public async Task CreateAlias_TakenBetweenDecisionAndCall_IsStaleThenExists()
    {
        TicketResource[] decided = [await core.KeyAsync(keyId), new(TestCore.AliasArn("alias/new"), 0, 0)];
        await core.CreateAliasAsync("alias/new", keyId);
        var body = new JsonObject { ["AliasName"] = "alias/new", ["KeyId"] = keyId };

        Assert.Equal(HttpStatusCode.Conflict, (await core.SendAsync("CreateAlias", (JsonObject)body.DeepClone(), decided)).Status);
        (await core.SendAsync("CreateAlias", body, decided[0], await core.AliasAsync("alias/new"))).ShouldBe(400, "AliasAlreadyExists");
    }

    [Fact]
    public async Task TagResource_SameTagsAgain_KeepsTheVersion()
    {
        await TagAsync("a", "b");
        var before = await core.KeyAsync(keyId);
        await TagAsync("a", "b");

        Assert.Equal(before, await core.KeyAsync(keyId));
    }

    private static JsonNode?[] Fresh(CoreAnswer answer)
    {
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        return [.. answer.Json["Stale"]!.AsArray()];
    }

    private Task<CoreAnswer> EncryptAsync(string reference, TicketResource decided) =>
        core.SendAsync("Encrypt", new JsonObject { ["KeyId"] = reference, ["Plaintext"] = "text" }, decided);

    private async Task TagAsync(string key, string value) => (await core.OnKeyAsync("TagResource", keyId, new JsonObject
    {
        ["Tags"] = new JsonArray(new JsonObject { ["TagKey"] = key, ["TagValue"] = value }),
    })).ShouldBeOk();

    private async Task MoveAsync(string target) => (await core.SendAsync(
        "UpdateAlias",
        new JsonObject { ["AliasName"] = Alias, ["KeyId"] = target },
        await core.KeyBehindAsync(Alias),
        await core.KeyAsync(target),
        await core.AliasAsync(Alias))).ShouldBeOk();

    private async Task DeleteAsync() => (await core.SendAsync(
        "DeleteAlias", new JsonObject { ["AliasName"] = Alias }, await core.KeyBehindAsync(Alias), await core.AliasAsync(Alias))).ShouldBeOk();
}
