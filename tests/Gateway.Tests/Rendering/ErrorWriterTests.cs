using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace KmsGateway.Gateway.Tests.Rendering;

public sealed class ErrorWriterTests : IDisposable
{
    private readonly DefaultHttpContext http = new();
    private readonly MemoryStream body = new();

    public ErrorWriterTests() => http.Response.Body = body;

    public void Dispose() => body.Dispose();

    [Fact]
    public async Task Refusal_InJson_HasTheWholeEnvelope()
    {
        var detail = new JsonObject { ["AuthAction"] = "kms:Encrypt", ["NoPermissionType"] = "ImplicitDeny" };
        await NewWriter().WriteAsync(Context(ResponseFormat.Json), KmsErrors.NoPermission.With("acs:kms:r:1:key/k"), CancellationToken.None, detail);
        Assert.Equal(403, http.Response.StatusCode);
        Assert.Equal("application/json;charset=utf-8", http.Response.ContentType);
        Assert.Equal("ID", http.Response.Headers["x-acs-request-id"]);
        Assert.Equal(
            """{"RequestId":"ID","HostId":"kms.example:8750","HttpStatus":403,"Code":"Forbidden.NoPermission","Message":"This operation for acs:kms:r:1:key/k is forbidden by permission system.","Recommend":"Look up Forbidden.NoPermission in the error list of KmsGateway.","AccessDeniedDetail":{"AuthAction":"kms:Encrypt","NoPermissionType":"ImplicitDeny"}}""",
            Written());
    }

    [Fact]
    public async Task Refusal_InXml_HasTheSameMembersUnderError()
    {
        var detail = new JsonObject { ["AuthAction"] = "kms:Encrypt" };
        await NewWriter().WriteAsync(Context(ResponseFormat.Xml), KmsErrors.InvalidParameter.With("<a>&\u0001"), CancellationToken.None, detail);
        Assert.Equal("text/xml;charset=utf-8", http.Response.ContentType);
        var root = XDocument.Parse(Written()).Root!;
        Assert.Equal(
            ["RequestId", "HostId", "HttpStatus", "Code", "Message", "Recommend", "AccessDeniedDetail"],
            root.Elements().Select(element => element.Name.LocalName));
        Assert.Equal(("Error", "The specified parameter \"<a>&\uFFFD\" is not valid."), (root.Name.LocalName, root.Element("Message")!.Value));
        Assert.Equal("kms:Encrypt", root.Element("AccessDeniedDetail")!.Element("AuthAction")!.Value);
    }

    [Theory]
    [InlineData(null, "InternalError")]
    [InlineData("2015-05-01", "InternalError")]
    [InlineData("2016-01-20", "InternalFailure")]
    public async Task UnknownException_IsConcealed_AndLogged(string? version, string code)
    {
        var log = new CollectingLogger();
        await new ErrorWriter(log).WriteAsync(
            Context(ResponseFormat.Json) with { Version = version }, new InvalidOperationException("password 123"), CancellationToken.None);
        Assert.Equal(500, http.Response.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(Written()).RootElement.GetProperty("Code").GetString());
        Assert.DoesNotContain("password", Written(), StringComparison.Ordinal);
        Assert.Equal("password 123", Assert.Single(log.Faults).Message);
    }

    [Fact]
    public async Task Throttling_SaysWhenToComeBack_InMilliseconds()
    {
        await NewWriter().WriteAsync(
            Context(ResponseFormat.Json), GatewayErrors.ThrottlingUser.With(), CancellationToken.None, retryAfter: TimeSpan.FromSeconds(1.5));
        Assert.Equal("1500", http.Response.Headers["x-acs-retry-after"]);
    }

    [Fact]
    public void RequestId_IsAnUpperCaseUuid()
    {
        Assert.Matches("^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$", RequestId.New());
        Assert.NotEqual(RequestId.New(), RequestId.New());
    }

    private static ErrorWriter NewWriter() => new(NullLogger<ErrorWriter>.Instance);

    private ResponseContext Context(ResponseFormat format) => new(http, "ID", format, "Encrypt", "kms.example:8750");

    private string Written() => Encoding.UTF8.GetString(body.ToArray());

    private sealed class CollectingLogger : ILogger<ErrorWriter>
    {
        public List<Exception> Faults { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Faults.Add(exception!);
    }
}
