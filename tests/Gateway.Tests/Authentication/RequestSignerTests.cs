using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>What the signer makes, sent by HttpClient, is accepted over a socket.</summary>
public sealed class RequestSignerTests : IAsyncLifetime, IDisposable
{
    private static readonly KeyValuePair<string, string>[] Parameters =
        [KeyValuePair.Create("KeyId", "alias/a b+~!*'()项"), KeyValuePair.Create("Empty", string.Empty)];

    private readonly SignedRequests requests = new();
    private readonly TestGateway gateway;
    private readonly WebApplication server;
    private readonly HttpClient client = new();

    public RequestSignerTests()
    {
        gateway = requests.NewGateway();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0));
        server = builder.Build();
        server.Run(async context => await gateway.HandleAsync(context));
    }

    public Task InitializeAsync() => server.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose()
    {
        client.Dispose();
        gateway.Dispose();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Rpc_IsAccepted(string method)
    {
        using var request = requests.Signer().Rpc(HttpMethod.Parse(method), Endpoint(), SignedRequests.Version, "ListKeys", Parameters);
        await AssertAcceptedAsync(request);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Plaintext=aGk%3D", "application/x-www-form-urlencoded")]
    [InlineData("{\"a\":1}", "application/json; charset=utf-8")]
    public async Task Acs3_IsAccepted(string? body, string? type)
    {
        requests.Keys.Add("STS.a", "s", token: "t+/=", expires: SignedRequests.Start.AddHours(1));
        using var request = requests.Signer("STS.a", "s", "t+/=").Acs3(
            HttpMethod.Post, Endpoint(), SignedRequests.Version, "Encrypt", Parameters,
            body is null ? null : System.Text.Encoding.UTF8.GetBytes(body), type);
        await AssertAcceptedAsync(request);
    }

    private async Task AssertAcceptedAsync(HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal("alias/a b+~!*'()项", gateway.LastRequest!.Parameters.ValueOrNull("KeyId"));
        Assert.True(gateway.LastOutcome!.IsAuthenticated);
    }

    private Uri Endpoint() =>
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
}
