using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using KmsGateway.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>A request as bytes on the wire would make it.</summary>
internal sealed record TestRequest(
    string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, bool IsChunked = false)
{
    public static TestRequest Get(string target) => new("GET", target, [KeyValuePair.Create("Host", "kms.example")], []);

    public static TestRequest Form(string body, string target = "/", string type = "application/x-www-form-urlencoded") =>
        new("POST", target, [KeyValuePair.Create("Host", "kms.example"), KeyValuePair.Create("Content-Type", type)], Encoding.UTF8.GetBytes(body));

    public TestRequest With(string header, string value) => this with { Headers = [.. Headers, KeyValuePair.Create(header, value)] };
}

/// <summary>What came back.</summary>
internal sealed record TestAnswer(
    int Status, string ContentType, string Body, IHeaderDictionary Headers, RpcRequest? Request, AuthenticationOutcome? Outcome)
{
    public string? Code => Member("Code");

    public string? Message => Member("Message");

    public string? Member(string name)
    {
        if (Body.StartsWith('<'))
        {
            return XDocument.Parse(Body).Root!.Element(name)?.Value;
        }

        return JsonDocument.Parse(Body).RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}

/// <summary>
/// The pieces of this part in the order of the pipeline, with the real ASP.NET authentication service, and a stand-in for the
/// catalogue (step 12): three versions and the actions that the vectors use.
/// </summary>
internal sealed class TestGateway : IDisposable
{
    private static readonly HashSet<string> Versions = ["2016-01-20", "2015-05-01", "2015-04-01"];

    private readonly HashSet<string> actions;
    private readonly ServiceProvider services;
    private readonly ErrorWriter errors;

    public TestGateway(
        TestClock clock, FakeAccessKeySource keys, IEnumerable<string>? actions = null, Action<ReplayOptions>? replay = null,
        Action<ILoggingBuilder>? logging = null)
    {
        Clock = clock;
        this.actions = [.. actions ?? ["Encrypt", "ListKeys"]];
        services = new ServiceCollection()
            .AddLogging(logging ?? (_ => { }))
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IAccessKeySource>(keys)
            .AddRequestAuthentication()
            .AddSingleton<ErrorWriter>()
            .Configure(replay ?? (options => options.RefuseStampsBefore = DateTimeOffset.UnixEpoch))
            .BuildServiceProvider(validateScopes: true);
        errors = services.GetRequiredService<ErrorWriter>();
        _ = Nonces;
    }

    public TestClock Clock { get; }

    public NonceWindow Nonces => services.GetRequiredService<NonceWindow>();

    public RpcRequest? LastRequest { get; private set; }

    public AuthenticationOutcome? LastOutcome { get; private set; }

    public async Task<TestAnswer> SendAsync(TestRequest request)
    {
        var context = new DefaultHttpContext();
        var feature = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        feature.Method = request.Method;
        feature.RawTarget = request.Target;
        feature.Body = new MemoryStream(request.Body);
        foreach (var (name, value) in request.Headers)
        {
            context.Request.Headers.Append(name, value);
        }

        if (!request.IsChunked && !context.Request.Headers.ContainsKey("Transfer-Encoding"))
        {
            context.Request.ContentLength ??= request.Body.Length;
        }

        var body = new MemoryStream();
        context.Response.Body = body;
        var (read, outcome) = await HandleAsync(context);
        return new TestAnswer(
            context.Response.StatusCode, context.Response.ContentType!, Encoding.UTF8.GetString(body.ToArray()),
            context.Response.Headers, read, outcome);
    }

    public async Task<(RpcRequest? Request, AuthenticationOutcome? Outcome)> HandleAsync(HttpContext context)
    {
        using var scope = services.CreateScope();
        context.RequestServices = scope.ServiceProvider;
        var answer = ResponseContext.ForUnread(context, RequestId.New());
        RpcRequest? request = null;
        AuthenticationOutcome? outcome = null;
        try
        {
            request = await RpcRequestReader.ReadAsync(context.Request, context.RequestAborted);
            answer = ResponseContext.For(context, answer.RequestId, request);
            outcome = await RequestAuthentication.AuthenticateAsync(context, request, context.RequestAborted);
            var principal = outcome.Principal ?? throw outcome.Error!;
            RefuseUnknown(request);
            await ResponseWriter.WriteAsync(answer, AnswerOf(context, request, principal), context.RequestAborted);
        }
        catch (KmsException refusal)
        {
            await errors.WriteAsync(answer, refusal, context.RequestAborted);
        }

        (LastRequest, LastOutcome) = (request, outcome);
        return (request, outcome);
    }

    public void Dispose() => services.Dispose();

    private static JsonObject AnswerOf(HttpContext context, RpcRequest request, Principal principal)
    {
        Assert.Same(principal, context.Features.Get<Principal>());
        Assert.True(context.User.Identity?.IsAuthenticated);
        return new JsonObject { ["AccessKeyId"] = principal.AccessKeyId, ["Action"] = request.Action, ["Version"] = request.Version };
    }

    private void RefuseUnknown(RpcRequest request)
    {
        if (!Versions.Contains(request.Version!))
        {
            throw GatewayErrors.InvalidVersion.With();
        }

        if (!actions.Contains(request.Action!))
        {
            throw GatewayErrors.InvalidAction.With();
        }
    }
}
