using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>What is refused before the API sees it. Sources: signing.md 7.4 and 9, decisions.md D8, threats.md row 7.</summary>
public sealed class RequestGuardTests : IAsyncLifetime
{
    private HostedGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await HostedGateway.StartAsync(new TestModule { Answer = AnswerAsync });

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/?Action=ListKeys")]
    public async Task Root_Asked_ReachesTheModule(string path)
    {
        using var response = await gateway.Client.GetAsync(new Uri(gateway.Http, path));

        Assert.Equal((HttpStatusCode.OK, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("//")]
    [InlineData("/.")]
    [InlineData("/a/..")]
    [InlineData("/..;/")]
    [InlineData("/%2e")]
    [InlineData("/%2F")]
    [InlineData("/metrics")]
    [InlineData("/healthz")]
    [InlineData("/healthz/./live")]
    [InlineData("/healthz/%6cive")]
    [InlineData("/index.html")]
    public async Task Path_Unknown_Is404InJson(string path)
    {
        var answer = await RawConnection.ExchangeAsync(gateway.Http, $"GET {path} HTTP/1.1\r\nHost: kms.test\r\nConnection: close\r\n\r\n");

        var body = Refused(answer, 404, "InvalidPath.NotFound");
        Assert.Equal("kms.test", body.GetProperty("HostId").GetString());
    }

    [Theory]
    [InlineData("http://kms.test", 200)]
    [InlineData("http://kms.test/?Action=x", 200)]
    [InlineData("http://kms.test/x", 404)]
    public async Task Target_InAbsoluteForm_CountsByItsPath(string target, int status)
    {
        var answer = await RawConnection.ExchangeAsync(gateway.Http, $"GET {target} HTTP/1.1\r\nHost: kms.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_WrongMethod_Is405InJson()
    {
        using var response = await gateway.Client.PostAsync(new Uri(gateway.Http, "/healthz/live"), content: null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("UnsupportedHTTPMethod", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("Code").GetString());
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 414)]
    public async Task Target_Of64KiB_IsTheLimit(int beyond, int status)
    {
        var target = "/?" + new string('a', WireLimits.MaxTargetBytes - 2 + beyond);
        var answer = await RawConnection.ExchangeAsync(gateway.Http, $"GET {target} HTTP/1.1\r\nHost: kms.test\r\nConnection: close\r\n\r\n");

        Check(answer, status, "RequestUriTooLong");
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 431)]
    public async Task Headers_OneHundred_AreTheLimit(int beyond, int status)
    {
        var lines = string.Concat(Enumerable.Range(0, WireLimits.MaxHeaders - 2 + beyond).Select(number => $"x-h-{number}: v\r\n"));
        var answer = await RawConnection.ExchangeAsync(gateway.Http, $"GET / HTTP/1.1\r\nHost: kms.test\r\nConnection: close\r\n{lines}\r\n");

        Check(answer, status, "RequestHeaderFieldsTooLarge");
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 431)]
    public async Task Headers_Of32KiB_AreTheLimit(int beyond, int status)
    {
        const string fixedLines = "Host: kms.test\r\nConnection: close\r\nx-long: \r\n";
        var filler = new string('v', WireLimits.MaxHeaderBytes - fixedLines.Length + beyond);
        var answer = await RawConnection.ExchangeAsync(gateway.Http, $"GET / HTTP/1.1\r\nHost: kms.test\r\nConnection: close\r\nx-long: {filler}\r\n\r\n");

        Check(answer, status, "RequestHeaderFieldsTooLarge");
    }

    [Theory]
    [InlineData(0, true, 200)]
    [InlineData(0, false, 200)]
    [InlineData(1, true, 413)]
    [InlineData(1, false, 413)]
    public async Task Body_Of1MiB_IsTheLimit(int beyond, bool hasLength, int status)
    {
        var body = new byte[WireLimits.MaxBodyBytes + beyond];
        using HttpContent content = hasLength ? new ByteArrayContent(body) : new ChunkedContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Http) { Content = content };
        request.Headers.TransferEncodingChunked = !hasLength;
        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
        {
            Assert.Equal("RequestEntityTooLarge", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("Code").GetString());
        }
    }

    [Theory]
    [InlineData("GET /?{0} HTTP/1.1\r\nHost: kms.test\r\n\r\n", 128 * 1024, 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: kms.test\r\nx: {0}\r\n\r\n", 256 * 1024, 431)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 0, 400)]
    public async Task Request_PastTheServersOwnLimits_IsRefusedWithoutABody(string request, int filler, int status)
    {
        var answer = await RawConnection.ExchangeAsync(
            gateway.Http, string.Format(CultureInfo.InvariantCulture, request, new string('a', filler)));

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_Failing_Is500InJsonAndTheLogHasTheDetails()
    {
        using var response = await gateway.Client.GetAsync(new Uri(gateway.Http, "/?fail"));

        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("\"Code\":\"InternalError\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("marker-details", body, StringComparison.Ordinal);
        Assert.Contains(gateway.Log.Lines, line => line.StartsWith("Error 5001 ", StringComparison.Ordinal) && line.Contains("marker-details", StringComparison.Ordinal));
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.QueryString.Value == "?fail")
        {
            throw new InvalidOperationException("marker-details");
        }

        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await context.Response.WriteAsync("{}", context.RequestAborted);
    }

    private static void Check(string answer, int status, string code)
    {
        if (status == 200)
        {
            Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        }
        else
        {
            Refused(answer, status, code);
        }
    }

    private static JsonElement Refused(string answer, int status, string code)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json;charset=utf-8\r\n", answer, StringComparison.Ordinal);
        var body = JsonDocument.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).RootElement;
        Assert.Equal((code, status), (body.GetProperty("Code").GetString(), body.GetProperty("HttpStatus").GetInt32()));
        Assert.Contains($"x-acs-request-id: {body.GetProperty("RequestId").GetString()}\r\n", answer, StringComparison.Ordinal);
        return body;
    }

    private sealed class ChunkedContent(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(body, 0, body.Length);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
