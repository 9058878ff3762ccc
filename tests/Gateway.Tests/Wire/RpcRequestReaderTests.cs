using KmsGateway.Gateway.Tests.Authentication;
using KmsGateway.Gateway.Wire;
using Xunit;

namespace KmsGateway.Gateway.Tests.Wire;

/// <summary>How a request is read, before anything is looked up. Source: signing.md 2.2.</summary>
public sealed class RpcRequestReaderTests : IDisposable
{
    private readonly SignedRequests requests = new();
    private readonly TestGateway gateway;

    public RpcRequestReaderTests() => gateway = requests.NewGateway();

    public void Dispose() => gateway.Dispose();

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("get")]
    public async Task Method_OtherThanGetAndPost_IsRefused(string method)
    {
        var answer = await gateway.SendAsync(requests.Get() with { Method = method });
        Assert.Equal((403, "UnsupportedHTTPMethod", "This http method is not supported."), (answer.Status, answer.Code, answer.Message));
    }

    [Theory]
    [InlineData("/?a=%")]
    [InlineData("/?a=%4")]
    [InlineData("/?a=%4g")]
    [InlineData("/?a=%+4")]
    [InlineData("/?%zz=1")]
    [InlineData("/?a=%ff")]
    [InlineData("/?a=%c3%28")]
    [InlineData("/?a=%ed%a0%80")]
    [InlineData("/?a=%c0%af")]
    [InlineData("/?=v")]
    [InlineData("/?a=é")]
    [InlineData("http://kms.example/?a=1")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Target_Undecodable_IsRefused(string target)
    {
        var answer = await gateway.SendAsync(TestRequest.Get(target));
        Assert.Equal((400, "ParseRequestParameterException"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("a=1&a=2", "", "a")]
    [InlineData("a=1&a=1", "", "a")]
    [InlineData("a=1&%61=2", "", "a")]
    [InlineData("a=1", "a=1", "a")]
    [InlineData("", "b&b", "b")]
    [InlineData("Action=Encrypt&action=Decrypt", "", "action")]
    [InlineData("Action=Encrypt", "ACTION=Decrypt", "ACTION")]
    [InlineData("Version=1&VERSION=2", "", "VERSION")]
    [InlineData("AccessKeyId=a&AccessKeyID=b", "", "AccessKeyID")]
    public async Task Name_TwiceOrInTwoSpellings_IsRefusedBeforeAnythingElse(string query, string form, string named)
    {
        var answer = await gateway.SendAsync(TestRequest.Form(form, "/?" + query));
        Assert.Equal(
            (400, "InvalidParameter", $"The parameter \"{named}\" is specified more than once."), (answer.Status, answer.Code, answer.Message));
        Assert.Equal(0, requests.Keys.Lookups);
    }

    [Theory]
    [InlineData("KeyId", "keyid", true)]
    [InlineData("KeyId", "KeyID", true)]
    [InlineData("KeyId", "KeyIdd", false)]
    public async Task Name_OfTheCallInTwoSpellings_IsRefusedOnceTheCallerIsKnown(string first, string second, bool isRefused)
    {
        var answer = await gateway.SendAsync(requests.Get((first, "1"), (second, "2")));
        var fault = Record.Exception(answer.Request!.RefuseCaseVariants);
        Assert.Equal(isRefused, fault is Core.Contract.KmsException { Error.Code: "InvalidParameter" });
    }

    [Fact]
    public void CaseVariants_AmongManyParameters_AreFound()
    {
        var pairs = Enumerable.Range(100, 100).Select(number => KeyValuePair.Create($"name{number}", "v")).Append(KeyValuePair.Create("NAME150", "v"));
        var parameters = new ParameterCollection([.. pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal)]);
        Assert.Equal("name150", parameters.FindCaseVariant());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", null)]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED", null)]
    [InlineData("application/x-www-form-urlencoded; charset=gbk", "ParseRequestParameterException")]
    [InlineData("application/json", "ParseRequestParameterException")]
    [InlineData("multipart/form-data; boundary=x", "ParseRequestParameterException")]
    [InlineData("text/plain", "ParseRequestParameterException")]
    [InlineData("nonsense", "ParseRequestParameterException")]
    public async Task RpcBody_OfAnotherType_IsRefused_NotParsed(string type, string? code)
    {
        var form = Gateway.Authentication.RequestSigner.Encode(requests.Signed("POST"));
        var request = TestRequest.Form(form, type: type);
        Assert.Equal(code, (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task RpcBody_OfAnotherTypeBesideASignedQuery_IsRefused()
    {
        var request = TestRequest.Form("{\"KeyId\":\"other\"}", "/?" + Gateway.Authentication.RequestSigner.Encode(requests.Signed("POST")), "application/json");
        Assert.Equal("ParseRequestParameterException", (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task RpcBody_WithoutType_IsRefused()
    {
        var form = Gateway.Authentication.RequestSigner.Encode(requests.Signed("POST"));
        var request = new TestRequest("POST", "/", [], System.Text.Encoding.ASCII.GetBytes(form));
        Assert.Equal("ParseRequestParameterException", (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task ContentType_GivenTwice_IsRefused()
    {
        var request = TestRequest.Form("a=1").With("Content-Type", "application/json");
        Assert.Equal("ParseRequestParameterException", (await gateway.SendAsync(request)).Code);
    }

    [Fact]
    public async Task Query_IsKeptApartFromTheForm_AndBothAreMerged()
    {
        var answer = await gateway.SendAsync(TestRequest.Form("b=2&a=%e9%a1%b9", "/path?c=3&&d"));
        Assert.Equal(["c", "d"], answer.Request!.Query.Select(pair => pair.Key));
        Assert.Equal(["a", "b", "c", "d"], answer.Request.Parameters.Select(pair => pair.Key));
        Assert.Equal("项", answer.Request.Parameters.ValueOrNull("a"));
        Assert.Equal("/path", answer.Request.Path);
        Assert.Equal("kms.example", answer.Request.Host);
    }

    [Fact]
    public async Task ActionHeader_OfAnRpcRequest_DoesNotSelectTheOperation()
    {
        var answer = await gateway.SendAsync(requests.Get().With("x-acs-action", "DeleteUser").With("x-acs-version", "2015-05-01"));
        Assert.Equal(("ListKeys", "2016-01-20", SelectionSource.Parameters), (answer.Request!.Action, answer.Request.Version, answer.Request.SelectedBy));
    }

    [Theory]
    [InlineData(null, (int)ResponseFormat.Json)]
    [InlineData("application/json", (int)ResponseFormat.Json)]
    [InlineData("application/xml", (int)ResponseFormat.Xml)]
    [InlineData("application/xml; q=1", (int)ResponseFormat.Xml)]
    [InlineData("application/xmlx", (int)ResponseFormat.Json)]
    public async Task Acs3Format_FollowsAccept(string? accept, int format)
    {
        var request = requests.Acs3("/?Format=xml");
        var answer = await gateway.SendAsync(accept is null ? request : request.With("Accept", accept));
        Assert.Equal(200, answer.Status);
        Assert.Equal((ResponseFormat)format, answer.Request!.Format);
    }
}
