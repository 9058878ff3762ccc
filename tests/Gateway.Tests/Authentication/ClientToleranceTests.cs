using System.Text;
using KmsGateway.Gateway.Authentication;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>What clients that nobody here wrote do, and must be allowed to. Source: audit-and-service-keys.md C3.</summary>
public sealed class ClientToleranceTests : IDisposable
{
    private readonly SignedRequests requests = new();
    private readonly TestGateway gateway;

    public ClientToleranceTests() => gateway = requests.NewGateway();

    public void Dispose() => gateway.Dispose();

    [Fact]
    public async Task Rpc_WithoutNonce_PassesOnce()
    {
        var request = requests.Get(("SignatureNonce", string.Empty));
        Assert.Equal(200, (await gateway.SendAsync(request)).Status);
        Assert.Equal("SignatureNonceUsed", (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task Rpc_WithoutNonceAndSignatureSpelledOtherwise_IsStillAReplay()
    {
        var all = requests.Signed("GET", ("SignatureNonce", string.Empty));
        Assert.Equal(200, (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Status);
        all["Signature"] = " " + all["Signature"];
        Assert.Equal("SignatureNonceUsed", (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Code);
    }

    [Theory]
    [InlineData("2026-03-01T08:30:00.123Z")]
    [InlineData("2026-03-01T08:30:00.1Z")]
    [InlineData("2026-03-01T08:30:00Z")]
    public async Task Rpc_TimestampOfTheOldClient_Passes(string stamp)
    {
        var answer = await gateway.SendAsync(requests.Get(("SignatureNonce", string.Empty), ("Timestamp", stamp)));
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Rpc_SignedTheNodeQuerystringWay_Passes()
    {
        var request = requests.GetTheNodeWay(("Description", "wow! 'it' (works) *"), ("SignatureNonce", string.Empty));
        Assert.Equal(200, (await gateway.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Rpc_SignedTheNodeWayAndAltered_IsRefusedWithTheStrictText()
    {
        var request = requests.GetTheNodeWay(("Description", "a!"));
        var altered = request with { Target = request.Target.Replace("Description=a", "Description=b", StringComparison.Ordinal) };
        var answer = await gateway.SendAsync(altered);
        Assert.Equal("SignatureDoesNotMatch", answer.Code);
        Assert.Contains("Description%3Db%2521", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rpc_EmptyParameters_AreSignedAndPass()
    {
        var answer = await gateway.SendAsync(requests.Get(("SignatureType", string.Empty), ("EncryptionContext", string.Empty)));
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Request!.Parameters.TryGetValue("EncryptionContext", out var value));
        Assert.Equal(string.Empty, value);
    }

    [Fact]
    public async Task Rpc_PostWithEverythingInTheQueryAndEmptyForm_Passes()
    {
        var target = "/?" + RequestSigner.Encode(requests.Signed("POST"));
        Assert.Equal(200, (await gateway.SendAsync(TestRequest.Form(string.Empty, target))).Status);
    }

    [Fact]
    public async Task Rpc_PlusIsABlankInQueryAndForm()
    {
        var all = requests.Signed("POST", ("Description", "a b"), ("Name", "c d"));
        all.Remove("Description");
        all.Remove("Name");
        var request = TestRequest.Form("Description=a+b", $"/?{RequestSigner.Encode(all)}&Name=c+d");
        Assert.Equal(200, (await gateway.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("json", "application/json;charset=utf-8")]
    [InlineData("JSON", "application/json;charset=utf-8")]
    [InlineData("", "application/json;charset=utf-8")]
    [InlineData("xml", "text/xml;charset=utf-8")]
    [InlineData("XML", "text/xml;charset=utf-8")]
    public async Task Rpc_FormatInAnyCase_IsHonoured(string format, string contentType)
    {
        var answer = await gateway.SendAsync(requests.Get(("Format", format)));
        Assert.Equal((200, contentType), (answer.Status, answer.ContentType));
    }

    [Theory]
    [InlineData("SecurityToken")]
    [InlineData("STSToken")]
    public async Task Rpc_TokenUnderEitherName_Passes(string name)
    {
        requests.Keys.Add("STS.a", "s", token: "token-a", expires: SignedRequests.Start.AddHours(1));
        var all = requests.Signer("STS.a", "s").SignRpc("GET", SignedRequests.Version, "ListKeys", [KeyValuePair.Create(name, "token-a")]);
        Assert.Equal(200, (await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)))).Status);
    }

    [Theory]
    [InlineData("token-a", null, null)]
    [InlineData("token-b", null, "InvalidSecurityToken.MismatchWithAccessKey")]
    [InlineData("token-x", null, "InvalidSecurityToken.Malformed")]
    [InlineData("token-a", "token-b", "InvalidSecurityToken.MismatchWithAccessKey")]
    [InlineData("token-a", "token-a", null)]
    public async Task Rpc_TokenInTheHeader_IsTakenUnlessTheParameterDiffers(string header, string? parameter, string? code)
    {
        requests.Keys.Add("STS.a", "s", token: "token-a", expires: SignedRequests.Start.AddHours(1));
        requests.Keys.Add("STS.b", "s", token: "token-b", expires: SignedRequests.Start.AddHours(1));
        var all = requests.Signer("STS.a", "s", parameter).SignRpc("GET", SignedRequests.Version, "ListKeys", []);
        var request = TestRequest.Get("/?" + RequestSigner.Encode(all)).With("x-acs-security-token", header);
        Assert.Equal(code, (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task Acs3_FractionOfASecond_Passes()
    {
        var answer = await gateway.SendAsync(requests.Acs3(alter: headers =>
        {
            headers["x-acs-date"] = "2026-03-01T08:30:00.5Z";
            Resign(headers);
        }));
        Assert.Equal(200, answer.Status);
    }

    private static void Resign(Microsoft.AspNetCore.Http.IHeaderDictionary headers)
    {
        var signed = Acs3Authorization.TryParse(headers["Authorization"].ToString())!;
        using var canonical = new KmsGateway.Gateway.Wire.CanonicalBuffer();
        Acs3StringToSign.WriteCanonicalRequest(canonical, "POST", "/", [], headers, signed.SignedHeaders, []);
        using var text = new KmsGateway.Gateway.Wire.CanonicalBuffer();
        Acs3StringToSign.WriteStringToSign(text, canonical.Written);
        var mac = new byte[Acs3StringToSign.SignatureBytes];
        Acs3StringToSign.Sign(Encoding.UTF8.GetBytes(SignedRequests.Secret), text.Written, mac);
        headers["Authorization"] = headers["Authorization"].ToString().Replace(
            signed.Signature, Convert.ToHexStringLower(mac), StringComparison.Ordinal);
    }
}
