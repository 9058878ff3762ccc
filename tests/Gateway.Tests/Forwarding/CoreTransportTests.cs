using System.Diagnostics.CodeAnalysis;
using System.Net;
using KmsGateway.Gateway.Forwarding;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace KmsGateway.Gateway.Tests.Forwarding;

/// <summary>Connection faults are tried again, what was sent is not; a core that is away is spared (architecture.md, step 7).</summary>
public sealed class CoreTransportTests
{
    [Fact]
    public async Task Send_ConnectionRefusedTwice_SucceedsTheThirdTime()
    {
        var core = new FakeCore(attempt => attempt < 3 ? throw NoConnection() : Answer(HttpStatusCode.OK, "{}"));

        Assert.True((await PostAsync(core)).IsSuccess);
        Assert.Equal(3, core.Attempts);
    }

    [Fact]
    public async Task Send_ConnectionAlwaysRefused_GivesUpAfterThreeTries()
    {
        var core = new FakeCore(_ => throw NoConnection());

        await Assert.ThrowsAsync<CoreConnectException>(() => PostAsync(core));
        Assert.Equal(3, core.Attempts);
    }

    [Fact]
    public async Task Send_BrokenAfterItWasSent_IsNotSentTwice()
    {
        var core = new FakeCore(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded));

        await Assert.ThrowsAsync<CoreUnavailableException>(() => PostAsync(core));
        Assert.Equal(1, core.Attempts);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    public async Task Send_AnswerOutsideTheContract_IsUnavailable(HttpStatusCode status)
    {
        var core = new FakeCore(_ => Answer(status, "no such thing"));

        await Assert.ThrowsAsync<CoreUnavailableException>(() => PostAsync(core));
    }

    [Fact]
    public async Task Send_RefusalOfTheCatalogue_ComesBackAsItIs()
    {
        var core = new FakeCore(_ => Answer(HttpStatusCode.Conflict, """{"Code":"Rejected.Disabled","Message":"m"}"""));

        var answer = await PostAsync(core);

        Assert.Equal(409, answer.Status);
    }

    [Fact]
    public async Task Send_ManyConnectionsRefused_OpensTheBreaker()
    {
        var core = new FakeCore(_ => throw NoConnection());
        var transport = Transport(core);
        for (var call = 0; call < 10; call++)
        {
            await Assert.ThrowsAnyAsync<CoreUnavailableException>(() => PostAsync(transport));
        }

        Assert.InRange(core.Attempts, 10, 15);
    }

    [Fact]
    public async Task Send_NoHealthyDestination_IsUnavailable() =>
        await Assert.ThrowsAsync<CoreUnavailableException>(() => PostAsync(Transport(new FakeCore(_ => Answer(HttpStatusCode.OK, "{}")) { IsHealthy = false })));

    private static HttpRequestException NoConnection() => new(HttpRequestError.ConnectionError);

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body) };

    private static Task<CoreAnswer> PostAsync(FakeCore core) => PostAsync(Transport(core));

    private static async Task<CoreAnswer> PostAsync(CoreTransport transport) =>
        await transport.SendAsync("/internal/v1/Encrypt", "{}"u8.ToArray(), "token", "id", CancellationToken.None);

    private static CoreTransport Transport(FakeCore core)
    {
        var services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
        return new CoreTransport(services.GetRequiredService<IHttpForwarder>(), core, new CoreResilience(TimeProvider.System));
    }

    private sealed class FakeCore(Func<int, HttpResponseMessage> answer) : HttpMessageHandler, ICoreDestination
    {
        public int Attempts { get; private set; }

        public bool IsHealthy { get; init; } = true;

        public bool TryChoose([NotNullWhen(true)] out string? prefix, [NotNullWhen(true)] out HttpMessageInvoker? client)
        {
            prefix = "https://core.test/";
            client = new HttpMessageInvoker(this, disposeHandler: false);
            return IsHealthy;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Attempts++;
            Assert.Equal("https://core.test/internal/v1/Encrypt", request.RequestUri!.ToString());
            Assert.Equal("Bearer token", request.Headers.Authorization!.ToString());
            Assert.Equal("{}", await request.Content!.ReadAsStringAsync(cancellationToken));
            return answer(Attempts);
        }
    }
}
