using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Tickets;

/// <summary>
/// Keys of another account at the core: a ticket reaches them only when all it says agrees (ram-policy.md R-EVAL-9; threats.md
/// row 18). Each refusal names the check that stops it, by the reason in the log.
/// </summary>
public sealed class ForeignKeyTests : IAsyncLifetime
{
    private const string Guest = "acs:ram::2000000000000002:user/guest";
    private const string Policy = """{"Sid":"2000000000000002"}""";

    private TestCore core = null!;
    private string sharedId = null!;
    private string plainId = null!;
    private TicketResource shared = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        sharedId = await core.CreateKeyAsync(new JsonObject { ["Policy"] = JsonNode.Parse(Policy) });
        plainId = await core.CreateKeyAsync(new JsonObject { ["Policy"] = new JsonObject { ["Sid"] = "3000000000000003" } });
        shared = await core.KeyAsync(sharedId);
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task Resolve_WhatMayBeShared_IsTheKeyWhosePolicySpeaksOfTheAccountAndNoOther()
    {
        var (blob, plainBlob) = (await core.EncryptAsync(sharedId, "text"), await core.EncryptAsync(plainId, "text"));
        Assert.Equal(shared.Arn, await ResolveAsync(Question("key", sharedId, TestCore.Account)));
        Assert.Equal(shared.Arn, await ResolveAsync(Question("ciphertextHead", HeadOf(blob), TestCore.OtherAccount)));
        Assert.Null(await ResolveAsync(Question("key", plainId, TestCore.Account)));
        Assert.Null(await ResolveAsync(Question("ciphertextHead", HeadOf(plainBlob), TestCore.OtherAccount)));
        Assert.Null(await ResolveAsync(Question("key", await core.CreateKeyAsync(), TestCore.Account)));
        Assert.Null(await ResolveAsync(Question("key", sharedId, TestCore.OtherAccount)));
        Assert.Null(await ResolveAsync(TestCore.Question("ciphertextHead", HeadOf(blob), TestCore.OtherAccount)));
    }

    [Fact]
    public async Task Resolve_AccountWrittenWithEscapes_IsFound()
    {
        var body = """{"Policy":{"Sid":"\u0032\u0030000000000000\u00302"}}""";
        var made = await core.PostAsync($"{InternalRoutes.Actions}/CreateKey", body, core.Tickets.Mint(core.Claims("CreateKey", TestCore.User, TestCore.KeyBox)));
        var keyId = (string)made.Json["KeyMetadata"]!["KeyId"]!;
        Assert.Equal(TestCore.KeyArn(keyId), await ResolveAsync(Question("key", keyId, TestCore.Account)));
    }

    [Theory]
    [InlineData("alias", true)]
    [InlineData("ciphertextHead", true)]
    [InlineData("secret", true)]
    [InlineData("key", false)]
    public async Task Resolve_OtherQuestionsAboutAnotherAccount_AreRefused(string kind, bool mayBeShared)
    {
        await core.CreateAliasAsync("alias/app", sharedId);
        var question = TestCore.Question(kind, kind == "key" ? sharedId : "alias/app", TestCore.Account);
        question["mayBeShared"] = mayBeShared;
        (await PostAsync(question)).ShouldBe(403, "Forbidden.NoPermission");
    }

    [Fact]
    public async Task ForeignKey_ByArnAndByCiphertext_IsUsed()
    {
        var encrypted = await SendAsync("Encrypt", ByArn(("Plaintext", "text")), shared);
        encrypted.ShouldBeOk();
        Assert.Equal(sharedId, (string)encrypted.Json["KeyId"]!);
        var blob = (string)encrypted.Json["CiphertextBlob"]!;
        var opened = await SendAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, shared);
        Assert.Equal(("text", sharedId), ((string)opened.Json["Plaintext"]!, (string)opened.Json["KeyId"]!));
        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
        var described = await SendAsync("DescribeKey", ByArn(), shared);
        Assert.Equal(shared.Arn, (string)described.Json["KeyMetadata"]!["Arn"]!);
        (await SendAsync("GenerateDataKey", ByArn(), shared)).ShouldBeOk();
        (await SendAsync("ListKeyVersions", ByArn(), shared)).ShouldBeOk();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReEncrypt_WithOneForeignSide_MovesBetweenAccounts(bool isFromForeign)
    {
        var own = await CreateOwnAsync();
        var source = isFromForeign ? shared : own;
        var destination = isFromForeign ? own : shared;
        var blob = (string)(await SendAsync("Encrypt", new JsonObject { ["KeyId"] = source.Arn, ["Plaintext"] = "text" }, source)).Json["CiphertextBlob"]!;
        var body = new JsonObject { ["CiphertextBlob"] = blob, ["DestinationKeyId"] = destination.Arn };
        var moved = await SendAsync("ReEncrypt", body, source, destination);
        moved.ShouldBeOk();
        Assert.Equal(destination.Arn.Split('/')[1], (string)moved.Json["KeyId"]!);
        var opened = await SendAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = (string)moved.Json["CiphertextBlob"]! }, destination);
        Assert.Equal("text", (string)opened.Json["Plaintext"]!);
    }

    [Fact]
    public async Task Ticket_WithoutTheOwner_IsRefused() => await RefusedAsync(Claims("Encrypt", [], shared), ByArn(("Plaintext", "x")), "ForeignResource");

    [Theory]
    [InlineData("""["1000000000000001","3000000000000003"]""")]
    [InlineData("""["1000000000000001","1000000000000001"]""")]
    [InlineData("""["1000000000000001","2000000000000002"]""")]
    [InlineData("""[1000000000000001]""")]
    [InlineData("\"1000000000000001\"")]
    public async Task Ticket_OwnersThatAreNotThoseOfTheResources_IsRefused(string owners)
    {
        var claims = Claims("Encrypt", [], shared);
        claims["own"] = JsonNode.Parse(owners);
        await RefusedAsync(claims, ByArn(("Plaintext", "x")), "Owners");
    }

    [Theory]
    [InlineData("key/x", 0, 0)]
    [InlineData("key/x", 1, 3)]
    [InlineData("alias/app", 1, 0)]
    [InlineData("key", 1, 0)]
    public async Task Ticket_ForeignResourceThatIsNoKeyWithAVersion_IsRefused(string resource, long version, long generation) => await RefusedAsync(
        Claims("Encrypt", [TestCore.Account], new TicketResource($"acs:kms:{TestCore.Region}:{TestCore.Account}:{resource}", version, generation)),
        ByArn(("Plaintext", "x")),
        "Owners");

    [Theory]
    [InlineData(TestCore.User)]
    [InlineData("acs:kms::2000000000000002:user/guest")]
    [InlineData("guest")]
    public async Task Ticket_SubjectOfAnotherAccount_IsRefused(string subject)
    {
        var claims = Claims("Encrypt", [TestCore.Account], shared);
        claims["sub"] = subject;
        await RefusedAsync(claims, ByArn(("Plaintext", "x")), "ForeignSubject");
    }

    [Fact]
    public async Task Request_OtherForeignKeyThanTheTicket_IsRefused() => await RefusedAsync(
        Claims("Encrypt", [TestCore.Account], shared),
        new JsonObject { ["KeyId"] = TestCore.KeyArn(await SharedAsync()), ["Plaintext"] = "x" },
        "a resource differs");

    [Theory]
    [InlineData("Encrypt")]
    [InlineData("DescribeKey")]
    public async Task Request_ForeignKeyByItsBareId_IsRefused(string action) => await RefusedAsync(
        Claims(action, [TestCore.Account], shared), new JsonObject { ["KeyId"] = sharedId, ["Plaintext"] = "x" }, "a resource differs");

    [Fact]
    public async Task Request_ForeignKeyByAlias_IsRefused()
    {
        await core.CreateAliasAsync("alias/app", sharedId);
        await RefusedAsync(
            Claims("Encrypt", [TestCore.Account], shared), new JsonObject { ["KeyId"] = "alias/app", ["Plaintext"] = "x" }, "a resource differs");
    }

    [Theory]
    [InlineData("EnableKey")]
    [InlineData("DisableKey")]
    [InlineData("ScheduleKeyDeletion")]
    [InlineData("UpdateKeyDescription")]
    [InlineData("TagResource")]
    [InlineData("ListResourceTags")]
    [InlineData("ListAliasesByKeyId")]
    [InlineData("GetKeyPolicy")]
    [InlineData("SetKeyPolicy")]
    [InlineData("CreateKeyVersion")]
    public async Task Operation_NotForKeyUsers_IsRefusedOnAForeignKey(string action) => await RefusedAsync(
        Claims(action, [TestCore.Account], shared), ByArn(), "the operation is not for key users", action);

    [Fact]
    public async Task ForeignKey_WithoutAPolicy_IsRefusedWhateverTheTicketSays()
    {
        var plain = await core.KeyAsync(plainId);
        await RefusedAsync(
            Claims("Encrypt", [TestCore.Account], plain), new JsonObject { ["KeyId"] = plain.Arn, ["Plaintext"] = "x" }, "no policy of a foreign key speaks of the account");
    }

    [Fact]
    public async Task ForeignKey_AfterItsPolicyChanged_IsStale()
    {
        var blob = await core.EncryptAsync(sharedId, "text");
        (await core.OnKeyAsync("SetKeyPolicy", sharedId, new JsonObject { ["Policy"] = new JsonObject { ["Version"] = "2" } })).ShouldBeOk();
        Assert.Equal(409, (int)(await SendAsync("Encrypt", ByArn(("Plaintext", "x")), shared)).Status);
        Assert.Equal(409, (int)(await SendAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, shared)).Status);
    }

    [Fact]
    public async Task ForeignKey_Destroyed_IsStaleByCiphertextAndMissingByArn()
    {
        var blob = await core.EncryptAsync(sharedId, "text");
        (await core.OnKeyAsync("ScheduleKeyDeletion", sharedId, new JsonObject { ["PendingWindowInDays"] = 7 })).ShouldBeOk();
        var pending = await core.KeyAsync(sharedId);
        core.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(409, (int)(await SendAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, pending)).Status);
        Assert.Equal(409, (int)(await SendAsync("DescribeKey", ByArn(), pending)).Status);
    }

    [Fact]
    public async Task ServiceKey_UsedByItsProductOfAnotherAccount_IsRefused()
    {
        var claims = Claims("Encrypt", [TestCore.Account], await core.KeyAsync(await core.ServiceKeyAsync("ram")));
        claims["sub"] = Ticket.ServiceSubject(TestCore.OtherAccount, "ram");
        var body = new JsonObject { ["KeyId"] = (string)claims["res"]![0]!["arn"]!, ["Plaintext"] = "x" };
        await RefusedAsync(claims, body, "no policy of a foreign key speaks of the account");
    }

    private static string HeadOf(string blob) => Encoding.ASCII.GetString(Convert.FromBase64String(blob)[..36]);

    private static JsonObject Question(string kind, string text, string account)
    {
        var question = TestCore.Question(kind, text, account);
        question["mayBeShared"] = true;
        return question;
    }

    private async Task<string> SharedAsync() => await core.CreateKeyAsync(new JsonObject { ["Policy"] = JsonNode.Parse(Policy) });

    /// <summary>A key of the guest's account.</summary>
    private async Task<TicketResource> CreateOwnAsync()
    {
        var box = new TicketResource(TestCore.KeyBox.Arn.Replace(TestCore.Account, TestCore.OtherAccount, StringComparison.Ordinal), 0, 0);
        var made = await SendAsync("CreateKey", [], box);
        return new TicketResource((string)made.Json["KeyMetadata"]!["Arn"]!, 1, 0);
    }

    private JsonObject ByArn(params (string Name, string Value)[] more)
    {
        var body = new JsonObject { ["KeyId"] = shared.Arn };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }

    private async Task<string?> ResolveAsync(JsonObject question) =>
        (string?)(await PostAsync(question)).Json["items"]![0]!["descriptor"]?["keyArn"];

    private Task<CoreAnswer> PostAsync(JsonObject question) => core.PostAsync(
        InternalRoutes.Resolve,
        new JsonObject { ["items"] = new JsonArray(question) }.ToJsonString(),
        core.Tickets.Mint(TestTickets.Claims(core.Clock.GetUtcNow(), TestCore.OtherAccount, Ticket.ServiceSubject(TestCore.OtherAccount, "ram"), Ticket.ResolveAction, [])));

    private Task<CoreAnswer> SendAsync(string action, JsonObject body, params TicketResource[] resources)
    {
        var isForeign = resources.Any(resource => resource.Arn.Contains(TestCore.Account, StringComparison.Ordinal));
        return core.SendWithAsync(action, body, core.Tickets.Mint(Claims(action, isForeign ? [TestCore.Account] : [], resources)));
    }

    private JsonObject Claims(string action, string[] owners, params TicketResource[] resources)
    {
        var claims = TestTickets.Claims(core.Clock.GetUtcNow(), TestCore.OtherAccount, Guest, action, resources);
        if (owners.Length > 0)
        {
            claims["own"] = new JsonArray([.. owners.Select(owner => JsonValue.Create(owner))]);
        }

        return claims;
    }

    private async Task RefusedAsync(JsonObject claims, JsonObject body, string reason, string action = "")
    {
        var name = action.Length > 0 ? action : (string)claims["act"]!;
        var answer = await core.SendWithAsync(name, body, core.Tickets.Mint(claims));
        Assert.Contains((int)answer.Status, (int[])[401, 403]);
        Assert.Contains(core.Logs.Lines, line => line.Contains($"the ticket was refused: {reason}", StringComparison.Ordinal));
    }
}
