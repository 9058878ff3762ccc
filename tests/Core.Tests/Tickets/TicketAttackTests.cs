using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Tickets;

/// <summary>
/// A started core, attacked with tickets altered in one claim at a time. Each test names the check that stops it, by the
/// reason in the log, so that removing that check turns this test red even where another would still refuse.
/// </summary>
public sealed class TicketAttackTests : IAsyncLifetime
{
    private TestCore core = null!;
    private string keyId = null!;
    private TicketResource key = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        keyId = await core.CreateKeyAsync();
        key = await core.KeyAsync(keyId);
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task Ticket_Unaltered_IsTaken() => (await EncryptAsync(core.Tickets.Mint(Claims()))).ShouldBeOk();

    [Fact]
    public async Task Ticket_UsedTwice_IsTaken()
    {
        var token = core.Tickets.Mint(Claims());

        (await EncryptAsync(token)).ShouldBeOk();
        (await EncryptAsync(token)).ShouldBeOk();
    }

    [Fact]
    public async Task Ticket_Absent_IsRefused() => ShouldBeUnauthenticated(await EncryptAsync(null));

    [Fact]
    public async Task Ticket_Garbage_IsRefused() => await RefusedAsync("not.a.ticket", "Malformed");

    [Fact]
    public async Task Ticket_LargerThanAny_IsRefused() => await RefusedAsync(new string('a', 16 * 1024 + 1), "Malformed");

    [Fact]
    public async Task Ticket_OfAnotherKey_IsRefused()
    {
        using var stranger = new TestTickets();
        await RefusedAsync(stranger.Mint(Claims()), "Signature");
    }

    [Fact]
    public async Task Ticket_SignatureCut_IsRefused()
    {
        var token = core.Tickets.Mint(Claims());
        await RefusedAsync(token[..(token.LastIndexOf('.') + 1)], "Signature");
    }

    [Fact]
    public async Task Ticket_PayloadOfAnother_IsRefused()
    {
        var mine = core.Tickets.Mint(Claims()).Split('.');
        var other = core.Tickets.Mint(With("act", "DescribeKey")).Split('.');
        await RefusedAsync($"{mine[0]}.{other[1]}.{mine[2]}", "Signature");
    }

    [Fact]
    public async Task Ticket_Unsigned_IsRefused() => await RefusedAsync(TestTickets.MintUnsigned(Claims()), "Algorithm");

    [Fact]
    public async Task Ticket_PublicKeyAsMacSecret_IsRefused() =>
        await RefusedAsync(core.Tickets.MintWithPublicKeyAsSecret(Claims()), "Algorithm");

    [Fact]
    public async Task Ticket_RightKeyOtherAlgorithm_IsRefused() =>
        await RefusedAsync(core.Tickets.Mint(Claims(), "ES384", HashAlgorithmName.SHA384), "Algorithm");

    [Theory]
    [InlineData("iss", "somebody", "Issuer")]
    [InlineData("iss", null, "Issuer")]
    [InlineData("aud", "another-core", "Audience")]
    [InlineData("aud", null, "Audience")]
    [InlineData("exp", null, "NoExpiry")]
    [InlineData("exp", "1772600827", "NoExpiry")]
    [InlineData("jti", null, "NoId")]
    [InlineData("jti", "", "NoId")]
    [InlineData("sub", null, "NoSubject")]
    [InlineData("sub", "", "NoSubject")]
    [InlineData("acct", null, "NoAccount")]
    [InlineData("acct", TestCore.OtherAccount, "ForeignResource")]
    [InlineData("act", null, "NoAction")]
    [InlineData("act", "Decrypt", "the action differs")]
    [InlineData("act", "encrypt", "the action differs")]
    [InlineData("act", Ticket.ResolveAction, "the action differs")]
    [InlineData("res", null, "Resources")]
    [InlineData("res", "acs:kms:*", "Resources")]
    public async Task Ticket_OneClaimAltered_IsRefused(string claim, string? value, string reason) =>
        await RefusedAsync(core.Tickets.Mint(With(claim, value)), reason);

    [Theory]
    [InlineData(-5, true)]
    [InlineData(-6, false)]
    public async Task Ticket_PastItsEnd_IsTakenWithinTheSkewOnly(int secondsLeft, bool isTaken)
    {
        var token = core.Tickets.Mint(With("exp", core.Clock.GetUtcNow().AddSeconds(secondsLeft).ToUnixTimeSeconds()));
        await TakenOrRefusedAsync(token, isTaken, "Expired");
    }

    [Theory]
    [InlineData(65, true)]
    [InlineData(66, false)]
    public async Task Ticket_GoodForTooLong_IsRefused(int secondsLeft, bool isTaken)
    {
        var token = core.Tickets.Mint(With("exp", core.Clock.GetUtcNow().AddSeconds(secondsLeft).ToUnixTimeSeconds()));
        await TakenOrRefusedAsync(token, isTaken, "LivesTooLong");
    }

    [Fact]
    public async Task Ticket_KnownAlready_EndsAllTheSame()
    {
        var token = core.Tickets.Mint(Claims());
        (await EncryptAsync(token)).ShouldBeOk();

        core.Clock.Advance(TimeSpan.FromSeconds(66));

        await RefusedAsync(token, "Expired");
    }

    [Theory]
    [InlineData("""[{"arn":"A","mv":1}]""")]
    [InlineData("""[{"arn":"A","ag":0}]""")]
    [InlineData("""[{"mv":1,"ag":0}]""")]
    [InlineData("""[{"arn":"A","mv":"1","ag":0}]""")]
    [InlineData("""["A"]""")]
    public async Task Ticket_ResourceOfAnotherShape_IsRefused(string resources)
    {
        var claims = Claims();
        claims["res"] = JsonNode.Parse(resources.Replace("\"A\"", $"\"{key.Arn}\"", StringComparison.Ordinal));
        await RefusedAsync(core.Tickets.Mint(claims), "Resources");
    }

    [Fact]
    public async Task Ticket_ForAnotherKey_IsRefused()
    {
        var other = await core.KeyAsync(await core.CreateKeyAsync());
        await MismatchAsync("a resource differs", other);
    }

    [Fact]
    public async Task Ticket_WithoutResources_IsRefused() => await MismatchAsync("resources differ in number");

    [Fact]
    public async Task Ticket_WithOneResourceMore_IsRefused() =>
        await MismatchAsync("resources differ in number", key, await core.KeyAsync(await core.CreateKeyAsync()));

    [Fact]
    public async Task Ticket_WithTheSameResourceTwice_IsRefused() => await MismatchAsync("resources differ in number", key, key);

    [Fact]
    public async Task Ticket_ForTheContainer_IsRefused() => await MismatchAsync("a resource differs", TestCore.KeyBox);

    [Fact]
    public async Task Ticket_ForAllKeys_IsRefused() => await MismatchAsync("a resource differs", new TicketResource(TestCore.KeyArn("*"), 0, 0));

    [Fact]
    public async Task Ticket_OfTheForeignAccount_DoesNotReachTheKey()
    {
        var claims = TestTickets.Claims(
            core.Clock.GetUtcNow(), TestCore.OtherAccount, "acs:ram::2000000000000002:root", "Encrypt",
            [key with { Arn = key.Arn.Replace(TestCore.Account, TestCore.OtherAccount, StringComparison.Ordinal) }]);

        var answer = await EncryptAsync(core.Tickets.Mint(claims));

        Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain("CiphertextBlob\":\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CiphertextOfAnotherKey_IsRefused()
    {
        var other = await core.CreateKeyAsync();
        var blob = await core.EncryptAsync(other, "text");
        var claims = core.Claims("Decrypt", TestCore.User, key);

        var answer = await core.SendWithAsync("Decrypt", new JsonObject { ["CiphertextBlob"] = blob }, core.Tickets.Mint(claims));

        answer.ShouldBe(403, "Forbidden.NoPermission");
    }

    [Theory]
    [InlineData("/internal/v1/resolve")]
    [InlineData("/internal/v1/Encrypt")]
    [InlineData("/internal/v1/EnsureServiceKey")]
    [InlineData("/internal/v1/Unknown")]
    [InlineData("/internal/v1/RESOLVE")]
    public async Task Route_WithoutATicket_IsRefused(string path) =>
        ShouldBeUnauthenticated(await core.PostAsync(path, "{}", null));

    [Fact]
    public async Task Resolve_WithATicketForAnAction_IsRefused() =>
        // without resources, as DescribeRegions has it: with some, another check would refuse and hide this one
        (await core.PostAsync(InternalRoutes.Resolve, """{"items":[]}""", core.Tickets.Mint(core.Claims("DescribeRegions", TestCore.User))))
            .ShouldBe(403, "Forbidden.NoPermission");

    [Fact]
    public async Task Resolve_TicketWithResources_IsRefused() =>
        (await core.PostAsync(InternalRoutes.Resolve, """{"items":[]}""", core.Tickets.Mint(With("act", Ticket.ResolveAction))))
            .ShouldBe(403, "Forbidden.NoPermission");

    [Fact]
    public async Task Resolve_AboutAnotherAccount_IsRefused() =>
        (await core.ResolveAsync(TestCore.Question("key", keyId, TestCore.OtherAccount))).ShouldBe(403, "Forbidden.NoPermission");

    [Fact]
    public async Task EnsureServiceKey_BySomebodyElse_IsRefused()
    {
        var claims = core.Claims(Ticket.EnsureServiceKeyAction, Ticket.ServiceSubject(TestCore.Account, "oss"));

        var answer = await core.SendWithAsync("EnsureServiceKey", new JsonObject { ["Product"] = "ram" }, core.Tickets.Mint(claims));

        answer.ShouldBe(403, "Forbidden.NoPermission");
    }

    [Fact]
    public async Task EnsureServiceKey_WithAnOrdinaryTicket_IsRefused()
    {
        var claims = core.Claims("EnsureServiceKey", Ticket.ServiceSubject(TestCore.Account, "ram"));

        var answer = await core.SendWithAsync("EnsureServiceKey", new JsonObject { ["Product"] = "ram" }, core.Tickets.Mint(claims));

        answer.ShouldBe(403, "Forbidden.NoPermission");
    }

    private static void ShouldBeUnauthenticated(CoreAnswer answer) => answer.ShouldBe(401, "Forbidden.NoPermission");

    private JsonObject Claims() => core.Claims("Encrypt", TestCore.User, key);

    private JsonObject With(string claim, JsonNode? value)
    {
        var claims = Claims();
        if (value is null)
        {
            Assert.True(claims.Remove(claim));
        }
        else
        {
            claims[claim] = value;
        }

        return claims;
    }

    private Task<CoreAnswer> EncryptAsync(string? token) =>
        core.SendWithAsync("Encrypt", new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = "text" }, token);

    private async Task RefusedAsync(string token, string reason)
    {
        var answer = await EncryptAsync(token);

        Assert.Contains((int)answer.Status, (int[])[401, 403]);
        Assert.Equal("Forbidden.NoPermission", answer.Code);
        Assert.Contains(core.Logs.Lines, line => line.Contains($"the ticket was refused: {reason}", StringComparison.Ordinal));
    }

    private async Task TakenOrRefusedAsync(string token, bool isTaken, string reason)
    {
        if (isTaken)
        {
            (await EncryptAsync(token)).ShouldBeOk();
            return;
        }

        await RefusedAsync(token, reason);
    }

    private async Task MismatchAsync(string reason, params TicketResource[] resources)
    {
        await RefusedAsync(core.Tickets.Mint(core.Claims("Encrypt", TestCore.User, resources)), reason);
    }
}
