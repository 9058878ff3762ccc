using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace KmsGateway.Gateway.Tests.Rendering;

public sealed class ResponseWriterTests : IDisposable
{
    private readonly DefaultHttpContext http = new();
    private readonly MemoryStream body = new();

    public ResponseWriterTests() => http.Response.Body = body;

    public void Dispose() => body.Dispose();

    [Theory]
    [InlineData("""{"KeyId":"k","N":1}""", """{"RequestId":"ID","KeyId":"k","N":1}""")]
    [InlineData(" { \"A\" : 1 }\n", """{"RequestId":"ID","A" : 1 }""")]
    [InlineData("{}", """{"RequestId":"ID"}""")]
    [InlineData("{ }", """{"RequestId":"ID"}""")]
    public async Task Json_GetsTheRequestId(string answer, string expected)
    {
        await ResponseWriter.WriteAsync(Context(ResponseFormat.Json), Encoding.UTF8.GetBytes(answer), CancellationToken.None);
        Assert.Equal(expected, Written());
        Assert.Equal((200, "application/json;charset=utf-8"), (http.Response.StatusCode, http.Response.ContentType));
        Assert.Equal("ID", http.Response.Headers["x-acs-request-id"]);
        Assert.Equal(body.Length, http.Response.ContentLength);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("\"x\"")]
    public async Task Json_ThatIsNoObject_IsAFault(string answer) =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ResponseWriter.WriteAsync(Context(ResponseFormat.Json), Encoding.UTF8.GetBytes(answer), CancellationToken.None));

    [Fact]
    public async Task Json_WithATopLevelCode_IsAFault() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ResponseWriter.WriteAsync(Context(ResponseFormat.Json), new JsonObject { ["Code"] = "OK" }, CancellationToken.None));

    [Fact]
    public async Task Xml_RepeatsTheElementsOfLists_AndNamesTheRootForTheAction()
    {
        await ResponseWriter.WriteAsync(
            Context(ResponseFormat.Xml),
            """{"Keys":{"Key":[{"KeyId":"a"},{"KeyId":"b"}]},"Tags":{"Tag":[]},"TotalCount":2,"Ok":true,"Gone":null}"""u8.ToArray(),
            CancellationToken.None);
        Assert.Equal(
            "<?xml version='1.0' encoding='UTF-8'?><ListKeysResponse><Keys><Key><KeyId>a</KeyId></Key><Key><KeyId>b</KeyId></Key></Keys>" +
            "<Tags></Tags><TotalCount>2</TotalCount><Ok>true</Ok><RequestId>ID</RequestId></ListKeysResponse>",
            Written());
        Assert.Equal("text/xml;charset=utf-8", http.Response.ContentType);
    }

    [Theory]
    [InlineData("a<b>&\"'c")]
    [InlineData("line\r\nfeed\ttab")]
    [InlineData("]]>")]
    [InlineData("项😀\u007f")]
    [InlineData(" padded ")]
    public async Task Xml_TextReadsBackAsItWas(string text)
    {
        await ResponseWriter.WriteAsync(Context(ResponseFormat.Xml), new JsonObject { ["Plaintext"] = text }, CancellationToken.None);
        Assert.Equal(text, XDocument.Parse(Written(), LoadOptions.PreserveWhitespace).Root!.Element("Plaintext")!.Value);
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("\\u001b")]
    [InlineData("\\ufffe")]
    [InlineData("\\ud800")]
    public async Task Xml_CharacterThatXmlCannotHold_IsRefused_NotReplaced(string escaped)
    {
        var answer = Encoding.UTF8.GetBytes("{\"Plaintext\":\"a" + escaped + "\"}");
        var fault = await Assert.ThrowsAsync<KmsException>(() => ResponseWriter.WriteAsync(Context(ResponseFormat.Xml), answer, CancellationToken.None));
        Assert.Equal(("InvalidParameter", "Format"), (fault.Error.Code, fault.Argument));
        Assert.Equal(0, body.Length);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("1a")]
    [InlineData("<x>")]
    [InlineData("")]
    public async Task Xml_MemberWithoutAnXmlName_IsAFault(string name) =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ResponseWriter.WriteAsync(Context(ResponseFormat.Xml), new JsonObject { [name] = "v" }, CancellationToken.None));

    [Theory]
    [InlineData("team", "team")]
    [InlineData("a/b:c", "a_x002F_b_x003A_c")]
    [InlineData("1a", "_x0031_a")]
    public async Task Xml_MemberThatACallerNamed_IsEncodedAsXmlDoes(string name, string element)
    {
        await ResponseWriter.WriteAsync(
            Context(ResponseFormat.Xml), new JsonObject { ["Tags"] = new JsonObject { [name] = "v" } }, CancellationToken.None);

        Assert.Contains($"<Tags><{element}>v</{element}></Tags>", Written(), StringComparison.Ordinal);
        Assert.Equal(name, XmlConvert.DecodeName(element));
    }

    private ResponseContext Context(ResponseFormat format) => new(http, "ID", format, "ListKeys", "kms.example");

    private string Written() => Encoding.UTF8.GetString(body.ToArray());
}
