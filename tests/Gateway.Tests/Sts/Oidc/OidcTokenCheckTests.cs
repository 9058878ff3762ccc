using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Sts.Oidc;
using KmsGateway.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Gateway.Tests.Sts.Oidc;

/// <summary>Tokens of an issuer: everything that is not exactly right is refused (RFC 8725).</summary>
public sealed class OidcTokenCheckTests : IDisposable
{
    private const string Arn = "acs:ram::1234567890123456:oidc-provider/ci";
    private const string Invalid = "AuthenticationFail.OIDCToken.Invalid";
    private const string InvalidSignature = "AuthenticationFail.OIDCToken.InvalidSignature";
    private const string Expired = "AuthenticationFail.OIDCToken.Expired";
    private const string WrongAudience = "AuthenticationFail.OIDCToken.AudienceNotMatch";

    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 1, 8, 30, 0, TimeSpan.Zero));
    private readonly TestIssuer issuer = new();
    private readonly OidcTokenCheck check;

    public OidcTokenCheckTests()
    {
        Assert.True(OidcProvider.TryParse($"{Arn} {issuer.Issuer} client-0 client-1", out var provider));
        check = new OidcTokenCheck([provider], issuer, clock, NullLogger<OidcTokenCheck>.Instance);
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    public static TheoryData<string, object?, string> Claims => new()
    {
        { "iss", "https://issuer.example/", Invalid },
        { "iss", "https://other.example", Invalid },
        { "iss", null, Invalid },
        { "aud", "client-2", WrongAudience },
        { "aud", "CLIENT-1", WrongAudience },
        { "aud", "client-1/", WrongAudience },
        { "aud", new[] { "client-1/", "other" }, WrongAudience },
        { "aud", null, WrongAudience },
        { "aud", new[] { "other", "client-0" }, "OK" },
        { "sub", null, Invalid },
        { "sub", "", Invalid },
        { "sub", new string('s', 255), "OK" },
        { "sub", new string('s', 256), Invalid },
        { "exp", null, Invalid },
        { "iat", null, Invalid },
    };

    [Fact]
    public async Task Verify_GoodToken_AnswersWhatItSays()
    {
        var token = await check.VerifyAsync(Arn, issuer.Token(Now, ("aud", new[] { "other", "client-1" })), CancellationToken.None);
        Assert.Equal(
            (Arn, "1234567890123456", "repo:acme/app", "client-1", Now, Now.AddMinutes(10)),
            (token.Provider.Arn, token.Provider.AccountId, token.Subject, token.Audience, token.Issued, token.Expires));
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public Task Verify_Claim_IsAcceptedOrRefused(string claim, object? value, string code) => AnswersAsync(code, issuer.Token(Now, (claim, value)));

    [Theory]
    [InlineData("exp", 1, "OK")]
    [InlineData("exp", 0, Expired)]
    [InlineData("exp", -1, Expired)]
    [InlineData("nbf", 60, "OK")]
    [InlineData("nbf", 61, Invalid)]
    [InlineData("iat", 60, "OK")]
    [InlineData("iat", 61, Invalid)]
    public Task Verify_TimesAtTheirLimits(string claim, int seconds, string code) =>
        AnswersAsync(code, issuer.Token(Now, (claim, Now.AddSeconds(seconds).ToUnixTimeSeconds())));

    [Fact]
    public async Task Verify_OtherAlgorithms_AreRefused()
    {
        var parts = issuer.Token(Now).Split('.');
        var none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        var payload = Base64UrlEncoder.Decode(parts[1]);
        await AnswersAsync(Invalid, $"{none}.{parts[1]}.");
        await AnswersAsync(Invalid, $"{none}.{parts[1]}.{parts[2]}");
        await AnswersAsync(Invalid, issuer.SignedWithThePublicKey(payload));
        await AnswersAsync("OK", issuer.Sign(payload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("aaaa")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("..")]
    public Task Verify_NoToken_IsInvalid(string token) => AnswersAsync(Invalid, token);

    [Fact]
    public async Task Verify_AnythingAltered_IsRefused()
    {
        var parts = issuer.Token(Now).Split('.');
        var forged = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("acme", "evil", StringComparison.Ordinal));
        await AnswersAsync(InvalidSignature, $"{parts[0]}.{forged}.{parts[2]}");
        await AnswersAsync(InvalidSignature, $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(new byte[256])}");
        using var other = new TestIssuer();
        await AnswersAsync(InvalidSignature, other.Token(Now));
    }

    [Fact]
    public Task Verify_UnknownProvider_HasNoPermission() => AnswersAsync("AuthenticationFail.NoPermission", issuer.Token(Now), Arn + "x");

    [Fact]
    public async Task Verify_KeyRotated_IsFetchedAgainButNotForEveryForgery()
    {
        await AnswersAsync("OK", issuer.Token(Now));
        var old = issuer.Token(Now);
        issuer.Rotate();
        clock.Advance(TimeSpan.FromSeconds(10));
        await AnswersAsync("OK", issuer.Token(Now));
        await AnswersAsync(InvalidSignature, old);
        var payload = Base64UrlEncoder.Decode(issuer.Token(Now).Split('.')[1]);
        var fetches = issuer.Fetches;
        using var forger = new TestIssuer();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await AnswersAsync(InvalidSignature, forger.Sign(payload, $"unknown-{attempt}"));
        }

        Assert.Equal(fetches, issuer.Fetches);
    }

    [Fact]
    public async Task Verify_IssuerDown_GoesByItsLastWordForADay()
    {
        issuer.IsDown = true;
        await AnswersAsync("ServiceUnavailable", issuer.Token(Now));
        issuer.IsDown = false;
        clock.Advance(TimeSpan.FromSeconds(10));
        await AnswersAsync("OK", issuer.Token(Now));
        issuer.IsDown = true;
        clock.Advance(TimeSpan.FromHours(23));
        await AnswersAsync("OK", issuer.Token(Now));
        clock.Advance(TimeSpan.FromHours(1));
        await AnswersAsync("ServiceUnavailable", issuer.Token(Now));
    }

    [Fact]
    public async Task Verify_DiscoveryOfAnotherIssuer_IsNotBelieved()
    {
        issuer.StatedIssuer = "https://other.example";
        await AnswersAsync("ServiceUnavailable", issuer.Token(Now));
    }

    [Fact]
    public async Task Verify_KeysAnHourOld_AreFetchedAgain()
    {
        await AnswersAsync("OK", issuer.Token(Now));
        var fetches = issuer.Fetches;
        clock.Advance(TimeSpan.FromMinutes(59));
        await AnswersAsync("OK", issuer.Token(Now));
        Assert.Equal(fetches, issuer.Fetches);
        clock.Advance(TimeSpan.FromMinutes(1));
        await AnswersAsync("OK", issuer.Token(Now));
        Assert.True(issuer.Fetches > fetches);
    }

    [Theory]
    [InlineData("acs:ram::1:oidc-provider/ci https://issuer.example client", true)]
    [InlineData("acs:ram::1:oidc-provider/ci http://127.0.0.1:8080/realm a b", true)]
    [InlineData("acs:ram::1:oidc-provider/ci http://issuer.example client", false)]
    [InlineData("acs:ram::1:oidc-provider/ci https://issuer.example", false)]
    [InlineData("acs:ram::1:saml-provider/ci https://issuer.example client", false)]
    [InlineData("acs:ram::1:oidc-provider/ci https://u:p@issuer.example client", false)]
    [InlineData("acs:ram::1:oidc-provider/ci https://issuer.example?x client", false)]
    [InlineData("https://issuer.example client", false)]
    public void Provider_Entry_IsReadOrRefused(string entry, bool isRead) => Assert.Equal(isRead, OidcProvider.TryParse(entry, out _));

    public void Dispose()
    {
        check.Dispose();
        issuer.Dispose();
    }

    private async Task AnswersAsync(string code, string token, string arn = Arn)
    {
        var refusal = await Record.ExceptionAsync(() => check.VerifyAsync(arn, token, CancellationToken.None));
        Assert.Equal(code, refusal is null ? "OK" : Assert.IsType<KmsException>(refusal).Error.Code);
    }
}
