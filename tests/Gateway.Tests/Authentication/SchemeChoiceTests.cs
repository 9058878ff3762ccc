using System.Text;
using KmsGateway.Gateway.Authentication;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>One credential location judges a request; nothing unsigned is trusted. Threat rows 1, 2, 3, 6.</summary>
public sealed class SchemeChoiceTests : IDisposable
{
    private readonly SignedRequests requests = new();
    private readonly TestGateway gateway;

    public SchemeChoiceTests() => gateway = requests.NewGateway();

    public void Dispose() => gateway.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/?Action=ListKeys&Version=2016-01-20")]
    [InlineData("/?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=XML")]
    public async Task Unsigned_IsToldApart_AndCarriesItsRefusal(string target)
    {
        var answer = await gateway.SendAsync(TestRequest.Get(target));
        Assert.True(answer.Outcome!.IsUnsigned);
        Assert.False(answer.Outcome.IsAuthenticated);
        Assert.Equal((400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action."), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task MinioCve202531489_SignatureOfOneSchemeBesideAnother_IsRefused()
    {
        var acs3 = requests.Acs3().Headers.Single(header => header.Key == "Authorization").Value;
        var answer = await gateway.SendAsync(requests.Get().With("Authorization", acs3));
        Assert.Equal((400, "IncompleteSignature"), (answer.Status, answer.Code));
        Assert.Equal("IncompleteSignature", (await gateway.SendAsync(requests.Acs3("/?Signature="))).Code);
        Assert.Equal(0, requests.Keys.Lookups);
    }

    [Theory]
    [InlineData("acs3-hmac-sha256 Credential=a,SignedHeaders=host,Signature=b", "MissingAction")]
    [InlineData("ACS3-HMAC-SHA256", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 Credential=a", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=b,Signature=c", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b", "IncompleteSignature")]
    [InlineData("ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=b", "IncompleteSignature")]
    [InlineData("ACS4-HMAC-SHA256 Credential=a/20260301/r/Kms/aliyun_v4_request", "InvalidSignatureMethod")]
    [InlineData("acs testAk:c2ln", "MissingAccessKeyId")]
    [InlineData("Bearer x", "MissingAccessKeyId")]
    public async Task Authorization_OfAnotherKind_IsRefused(string header, string code)
    {
        var answer = await gateway.SendAsync(TestRequest.Get("/?Action=ListKeys&Version=2016-01-20").With("Authorization", header));
        Assert.Equal(code, answer.Code);
    }

    [Fact]
    public async Task Authorization_GivenTwice_IsRefused()
    {
        var request = requests.Acs3();
        var header = request.Headers.Single(pair => pair.Key == "Authorization");
        Assert.Equal("IncompleteSignature", (await gateway.SendAsync(request.With(header.Key, header.Value))).Code);
    }

    [Theory]
    [InlineData("BEARERTOKEN", "InvalidBearerToken")]
    [InlineData("PRIVATEKEY", "InvalidParameter")]
    public async Task SignatureType_OtherThanEmpty_IsRefused(string type, string code) =>
        Assert.Equal(code, (await gateway.SendAsync(requests.Get(("SignatureType", type)))).Code);

    [Theory]
    [InlineData("x-acs-source-ip", "10.0.0.1")]
    [InlineData("X-Acs-Anything", "v")]
    public async Task Acs3_UnsignedAcsHeader_IsRefused(string name, string value) =>
        Assert.Equal("IncompleteSignature", (await gateway.SendAsync(requests.Acs3().With(name, value))).Code);

    [Theory]
    [InlineData("x-acs-action")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-content-sha256")]
    public async Task Acs3_HeaderGivenTwice_IsRefused(string name) =>
        Assert.Equal("IncompleteSignature", (await gateway.SendAsync(requests.Acs3().With(name, "second"))).Code);

    [Fact]
    public async Task Acs3_TypeOfABody_HasToBeSigned()
    {
        var request = requests.Acs3(body: Encoding.ASCII.GetBytes("KeyId=k")).With("Content-Type", "application/x-www-form-urlencoded");
        Assert.Equal("IncompleteSignature", (await gateway.SendAsync(request)).Code);
    }

    [Theory]
    [InlineData("/?Action=Decrypt", "InvalidParameter")]
    [InlineData("/?Version=2015-05-01", "InvalidParameter")]
    [InlineData("/?Action=Encrypt&Version=2016-01-20", null)]
    public async Task Acs3_OperationInTheQuery_MustBeThatOfTheHeaders(string target, string? code) =>
        Assert.Equal(code, (await gateway.SendAsync(requests.Acs3(target))).Code);

    [Theory]
    [InlineData("host;x-acs-action", true)]
    [InlineData("x-acs-action;host", false)]
    [InlineData("host;host", false)]
    [InlineData("Host", false)]
    [InlineData("host;", false)]
    [InlineData("", false)]
    [InlineData("host x", false)]
    public void SignedHeaders_AreLowerCaseSortedAndDistinct(string list, bool isWellFormed) =>
        Assert.Equal(isWellFormed, SignedHeaderNames.IsWellFormed(list));

    [Fact]
    public async Task ForwardedHeaders_ChangeNothingAboutWhoAsks()
    {
        var request = requests.Get().With("X-Forwarded-User", "root").With("x-kms-internal-principal", "acs:ram::1:root");
        Assert.Equal("acs:ram::1234567890123456:user/alice", (await gateway.SendAsync(request)).Outcome!.Principal!.Identity.Arn);
    }

    [Fact]
    public async Task WrongSignature_NamesTheAccount_UnknownKeyNamesNone()
    {
        var wrong = await gateway.SendAsync(requests.Get() with { Target = requests.Get().Target + "&More=1" });
        Assert.Equal(("SignatureDoesNotMatch", true, FakeAccessKeySource.Account), (wrong.Code, wrong.Outcome!.IsKeyKnown, wrong.Outcome.KeyOwner!.AccountId));
        var all = requests.Signer("nobody").SignRpc("GET", SignedRequests.Version, "ListKeys", []);
        var unknown = await gateway.SendAsync(TestRequest.Get("/?" + RequestSigner.Encode(all)));
        Assert.Equal((404, false, "nobody"), (unknown.Status, unknown.Outcome!.IsKeyKnown, unknown.Outcome.AccessKeyId));
    }
}
