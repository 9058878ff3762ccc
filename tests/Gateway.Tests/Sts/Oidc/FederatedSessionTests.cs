using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KmsGateway.Gateway.Tests.Sts.Oidc;

/// <summary>AssumeRoleWithOIDC through the whole service, against an issuer on a port of its own.</summary>
public sealed class FederatedSessionTests : IAsyncLifetime
{
    private const string Provider = $"acs:ram::{ApiGateway.Account}:oidc-provider/ci";

    /// <summary>Of an account that does not exist.</summary>
    private const string LostProvider = "acs:ram::9999888877776666:oidc-provider/ci";

    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 1, 8, 30, 0, TimeSpan.Zero));
    private WebApplication site = null!;
    private ApiGateway gateway = null!;

    private TestIssuer Issuer { get; set; } = null!;

    private DateTimeOffset Now => clock.GetUtcNow();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        site = builder.Build();
        site.Map("/{**path}", async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(await Issuer.GetDocumentAsync(context.Request.Path, context.RequestAborted));
        });
        await site.StartAsync();
        Issuer = new TestIssuer { Issuer = site.Urls.Single() };
        gateway = await ApiGateway.StartAsync(clock, $"--Kms:Sts:OidcProviders:0={Provider} {Issuer.Issuer} client-1", $"--Kms:Sts:OidcProviders:1={LostProvider} {Issuer.Issuer} client-1");
        await CreateRoleAsync("ci", "{}");
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await site.DisposeAsync();
        Issuer.Dispose();
    }

    [Fact]
    public async Task AssumeRole_WithAToken_OpensASessionThatWorks()
    {
        var answer = await AssumeAsync(Issuer.Token(Now));
        Assert.Equal("OK", answer.Code);
        Assert.Equal(
            $$"""{"Subject":"repo:acme/app","Issuer":"{{Issuer.Issuer}}","ClientIds":"client-1","IssuanceTime":"2026-03-01T08:30:00Z","ExpirationTime":"2026-03-01T08:40:00Z","VerificationInfo":"Success"}""",
            JsonSerializer.Serialize(answer.Body.GetProperty("OIDCTokenInfo")));
        Assert.Equal($"acs:ram::{ApiGateway.Account}:role/ci/build", answer["AssumedRoleUser", "Arn"]);
        var session = new ApiCaller(answer["Credentials", "AccessKeyId"], answer["Credentials", "AccessKeySecret"], answer["Credentials", "SecurityToken"]);
        Assert.Equal(
            $"acs:ram::{ApiGateway.Account}:assumed-role/ci/build",
            (await gateway.CallAsync(session, ActionCatalogue.StsVersion, "GetCallerIdentity"))["Arn"]);

        await gateway.RamAsync("UpdateRole", ("RoleName", "ci"), ("NewAssumeRolePolicyDocument", Trust("""{"StringEquals":{"oidc:sub":"repo:acme/other"}}""")));
        Assert.Equal("InvalidSecurityToken.Expired", (await gateway.CallAsync(session, ActionCatalogue.StsVersion, "GetCallerIdentity")).Code);
    }

    [Theory]
    [InlineData("{}", "OK")]
    [InlineData("""{"StringEquals":{"oidc:iss":"@","oidc:aud":"client-1"},"StringLike":{"oidc:sub":"repo:acme/*"}}""", "OK")]
    [InlineData("""{"StringEquals":{"oidc:sub":"repo:acme/other"}}""", "AuthenticationFail.NoPermission")]
    [InlineData("""{"StringEquals":{"oidc:aud":"client-2"}}""", "AuthenticationFail.NoPermission")]
    [InlineData("""{"StringEquals":{"oidc:iss":"https://other.example"}}""", "AuthenticationFail.NoPermission")]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""", "AuthenticationFail.NoPermission")]
    public async Task AssumeRole_TrustConditions_SeeTheToken(string condition, string code)
    {
        await CreateRoleAsync("r", condition.Replace("@", Issuer.Issuer, StringComparison.Ordinal));
        Assert.Equal(code, (await AssumeAsync(Issuer.Token(Now), "r")).Code);
    }

    [Fact]
    public async Task AssumeRole_RoleThatIsMissingOrTrustsOthers_ReadsTheSame()
    {
        await gateway.RamAsync(
            "CreateRole", ("RoleName", "closed"),
            ("AssumeRolePolicyDocument", """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1234567890123456:root"}}]}"""));
        var (missing, closed) = (await AssumeAsync(Issuer.Token(Now), "nothing"), await AssumeAsync(Issuer.Token(Now), "closed"));
        Assert.Equal((401, "AuthenticationFail.NoPermission"), (missing.Status, missing.Code));
        Assert.Equal(missing.Text.Replace(missing.RequestId, "-", StringComparison.Ordinal), closed.Text.Replace(closed.RequestId, "-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AssumeRole_ProviderOfAnAccountThatIsMissing_HasNoPermission()
    {
        await CreateRoleAsync("lost", "{}", LostProvider);
        var answer = await AssumeAsync(Issuer.Token(Now), "lost", ("OIDCProviderArn", LostProvider));
        Assert.Equal((401, "AuthenticationFail.NoPermission"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("DurationSeconds", "899", 400, "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "3601", 400, "InvalidParameter.DurationSeconds")]
    [InlineData("RoleSessionName", "x", 400, "InvalidParameter.RoleSessionName")]
    [InlineData("OIDCToken", "abc", 401, "AuthenticationFail.OIDCToken.Invalid")]
    [InlineData("OIDCToken", "a.b.c", 401, "AuthenticationFail.OIDCToken.Invalid")]
    [InlineData("OIDCProviderArn", "acs:ram::1:oidc-provider/ci", 401, "AuthenticationFail.NoPermission")]
    [InlineData("Policy", "{}", 400, "InvalidParameter.PolicyGrammar")]
    public async Task AssumeRole_BadParameter_IsRefused(string name, string value, int status, string code)
    {
        var answer = await AssumeAsync(Issuer.Token(Now), "ci", (name, value));
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Trail_HoldsTheFederatedCallerAndNoToken()
    {
        var token = Issuer.Token(Now);
        var (good, refused, forged) = (await AssumeAsync(token), await AssumeAsync(token, "nothing"), await AssumeAsync(token + "x"));
        var opened = gateway.EventOf(good.RequestId)!.Value;
        Assert.Equal("federated", opened.GetProperty("userIdentity").GetProperty("type").GetString());
        Assert.Equal("repo:acme/app", opened.GetProperty("userIdentity").GetProperty("principalId").GetString());
        Assert.Equal(Provider, opened.GetProperty("userIdentity").GetProperty("userName").GetString());
        Assert.Equal("oidc", opened.GetProperty("additionalEventData").GetProperty("authStyle").GetString());
        Assert.Equal($"acs:ram::{ApiGateway.Account}:role/ci", opened.GetProperty("requestParameters").GetProperty("RoleArn").GetString());
        Assert.Equal("AuthenticationFail.NoPermission", gateway.EventOf(refused.RequestId)!.Value.GetProperty("errorCode").GetString());
        Assert.Null(gateway.EventOf(forged.RequestId));
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains(good["Credentials", "SecurityToken"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unsigned_AnyOtherAction_StillNeedsASignature()
    {
        foreach (var (version, action) in new[] { ("2015-04-01", "AssumeRole"), ("2015-05-01", "AssumeRoleWithOIDC"), ("2015-04-01", "assumeRoleWithOIDC"), ("2016-01-20", "ListKeys") })
        {
            Assert.Equal("MissingAccessKeyId", (await SendAsync([("Action", action), ("Version", version)])).Code);
        }

        Assert.Equal("MissingOIDCProviderArn", (await SendAsync([("Action", "AssumeRoleWithOIDC"), ("Version", "2015-04-01")])).Code);
    }

    [Fact]
    public async Task AssumeRole_TooOftenFromOneAddress_IsThrottledForAMinute()
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            Assert.Equal("MissingOIDCProviderArn", (await SendAsync([("Action", "AssumeRoleWithOIDC"), ("Version", "2015-04-01")])).Code);
        }

        Assert.Equal("Throttling.User", (await AssumeAsync(Issuer.Token(Now))).Code);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("OK", (await AssumeAsync(Issuer.Token(Now))).Code);
    }

    private static string Trust(string condition, string provider = Provider) =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":"{{provider}}"},"Condition":{{condition}}}]}""";

    private async Task CreateRoleAsync(string name, string condition, string provider = Provider) => Assert.Equal(
        "OK", (await gateway.RamAsync("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", Trust(condition, provider)))).Code);

    private Task<ApiAnswer> AssumeAsync(string token, string role = "ci", params (string Name, string Value)[] more) => SendAsync(
    [
        .. new[]
        {
            ("Action", "AssumeRoleWithOIDC"), ("Version", "2015-04-01"), ("OIDCProviderArn", Provider), ("OIDCToken", token),
            ("RoleArn", $"acs:ram::{ApiGateway.Account}:role/{role}"), ("RoleSessionName", "build"),
        }.Where(pair => more.All(other => other.Name != pair.Item1)),
        .. more,
    ]);

    private async Task<ApiAnswer> SendAsync((string Name, string Value)[] parameters)
    {
        using var content = new FormUrlEncodedContent(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        using var response = await gateway.Hosted.Client.PostAsync(gateway.Hosted.Http, content);
        var text = await response.Content.ReadAsStringAsync();
        using var body = JsonDocument.Parse(text);
        return new ApiAnswer((int)response.StatusCode, body.RootElement.Clone(), text);
    }
}
