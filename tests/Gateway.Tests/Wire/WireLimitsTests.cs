using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Tests.Authentication;
using KmsGateway.Gateway.Wire;
using Xunit;

namespace KmsGateway.Gateway.Tests.Wire;

/// <summary>Each limit of signing.md 9, at the limit and one past it; target and headers: RequestGuardTests.</summary>
public sealed class WireLimitsTests : IDisposable
{
    private readonly SignedRequests requests = new();
    private readonly TestGateway gateway;

    public WireLimitsTests() => gateway = requests.NewGateway();

    public void Dispose() => gateway.Dispose();

    [Fact]
    public void Limits_AreThoseOfTheSpecification() => Assert.Equal(
        (65536, 1048576, 1000, 256, 65536, 128, 128, 8192, 100, 32768),
        (WireLimits.MaxTargetBytes, WireLimits.MaxBodyBytes, WireLimits.MaxParameters, WireLimits.MaxNameLength, WireLimits.MaxValueBytes,
         WireLimits.MaxNonceLength, WireLimits.MaxAccessKeyIdLength, WireLimits.MaxSecurityTokenLength, WireLimits.MaxHeaders,
         WireLimits.MaxHeaderBytes));

    [Theory]
    [InlineData(0, false, null)]
    [InlineData(1, false, "RequestEntityTooLarge")]
    [InlineData(0, true, null)]
    [InlineData(1, true, "RequestEntityTooLarge")]
    public async Task Body_AtTheLimitAndOnePast_DeclaredAndChunked(int past, bool isChunked, string? code)
    {
        var request = requests.Acs3(body: new byte[WireLimits.MaxBodyBytes + past], type: "application/octet-stream");
        var answer = await gateway.SendAsync(request with { IsChunked = isChunked });
        Assert.Equal(code, answer.Code);
        Assert.Equal(code is null ? 200 : 413, answer.Status);
    }

    [Fact]
    public async Task Body_ShorterThanDeclared_IsRefused()
    {
        var request = requests.Acs3(body: new byte[10], type: "application/octet-stream").With("Content-Length", "11");
        Assert.Equal("ParseRequestParameterException", (await gateway.SendAsync(request)).Code);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "InvalidParameter")]
    public async Task Parameters_AtTheLimitAndOnePast_QueryAndFormTogether(int past, string? code)
    {
        var own = requests.Signed("POST").Count;
        var more = Enumerable.Range(0, WireLimits.MaxParameters + past - own).Select(number => ($"P{number}", "v")).ToArray();
        var all = requests.Signed("POST", more);
        var half = all.Take(500).ToArray();
        var request = TestRequest.Form(RequestSigner.Encode(all.Skip(500)), "/?" + RequestSigner.Encode(half));
        Assert.Equal(code, (await gateway.SendAsync(request)).Code);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "InvalidParameter")]
    public async Task Name_AtTheLimitAndOnePast(int past, string? code)
    {
        var name = new string('é', WireLimits.MaxNameLength + past);
        Assert.Equal(code, (await gateway.SendAsync(requests.Get((name, "v")))).Code);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "InvalidParameter")]
    public async Task Value_AtTheLimitAndOnePast_CountsDecodedBytes(int past, string? code)
    {
        var value = new string('é', (WireLimits.MaxValueBytes / 2) - 1) + new string('a', 2 + past);
        var answer = await gateway.SendAsync(TestRequest.Form(RequestSigner.Encode(requests.Signed("POST", ("Text", value)))));
        Assert.Equal(code, answer.Code);
        Assert.Equal(code is null ? null : "The parameter \"Text\" is longer than allowed.", answer.Message);
    }

    [Theory]
    [InlineData("SignatureNonce", WireLimits.MaxNonceLength)]
    [InlineData("AccessKeyId", WireLimits.MaxAccessKeyIdLength)]
    [InlineData("SecurityToken", WireLimits.MaxSecurityTokenLength)]
    [InlineData("STSToken", WireLimits.MaxSecurityTokenLength)]
    public async Task CredentialParameter_AtTheLimit_IsJudged_OnePast_IsRefusedByName(string name, int limit)
    {
        var atLimit = await gateway.SendAsync(requests.Get((name, new string('a', limit))));
        Assert.NotEqual("InvalidParameter", atLimit.Code);
        var onePast = await gateway.SendAsync(requests.Get((name, new string('a', limit + 1))));
        Assert.Equal(("InvalidParameter", $"The parameter \"{name}\" is longer than allowed."), (onePast.Code, onePast.Message));
    }

    [Theory]
    [InlineData("x-acs-signature-nonce", WireLimits.MaxNonceLength)]
    [InlineData("x-acs-security-token", WireLimits.MaxSecurityTokenLength)]
    public async Task CredentialHeader_AtTheLimit_IsJudged_OnePast_IsRefusedByName(string name, int limit)
    {
        var atLimit = await gateway.SendAsync(requests.Acs3(alter: headers => headers[name] = new string('a', limit)));
        Assert.NotEqual("InvalidParameter", atLimit.Code);
        var onePast = await gateway.SendAsync(requests.Acs3(alter: headers => headers[name] = new string('a', limit + 1)));
        Assert.Equal(("InvalidParameter", $"The parameter \"{name}\" is longer than allowed."), (onePast.Code, onePast.Message));
    }

    [Theory]
    [InlineData(0, "InvalidAccessKeyId.NotFound")]
    [InlineData(1, "InvalidParameter")]
    public async Task Credential_AtTheLimitAndOnePast(int past, string code)
    {
        var signer = requests.Signer(new string('k', WireLimits.MaxAccessKeyIdLength + past));
        Assert.Equal(code, (await gateway.SendAsync(requests.Acs3(signer: signer))).Code);
    }
}
