using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Wire.Tests.Core;

/// <summary>The core's own port in the split topology: nobody gets in without a ticket of its gateway.</summary>
[Trait("Topology", "split")]
public sealed class CoreDoorTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient client = new();
    private KmsProcess service = null!;

    public static TheoryData<string, string> Routes => new()
    {
        { "resolve", "internal:Resolve" },
        { "EnsureServiceKey", "internal:EnsureServiceKey" },
        { "CreateKey", "CreateKey" },
        { "ListKeys", "ListKeys" },
        { "Encrypt", "Encrypt" },
        { "Decrypt", "Decrypt" },
        { "GenerateDataKey", "GenerateDataKey" },
        { "TagResource", "TagResource" },
    };

    private static string Container => $"acs:kms:{KmsProcessOptions.Region}:{KmsProcessOptions.Account}:key";

    public async Task InitializeAsync() =>
        service = await KmsProcess.StartAsync(new KmsProcessOptions { Topology = KmsTopology.Split }, CancellationToken.None);

    public async Task DisposeAsync() => await service.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        service?.Dispose();
        client.Dispose();
    }

    [Fact]
    public async Task Core_TicketOfItsGateway_Answers()
    {
        // the proof that the refusals below are not refusals of everything
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(service.GatewayData, "ticket.key")));
        var ticket = HandMadeTicket.Sign(key, KmsProcessOptions.Account, "ListKeys", (Container, 0));

        using var response = await PostAsync("ListKeys", ticket);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Core_NoTicketOrAForeignOne_Refuses(string route, string action)
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = HandMadeTicket.Sign(foreign, KmsProcessOptions.Account, action, (Container, 0));
        foreach (var ticket in new[] { null, "", "x", "a.b.c", forged, Unsigned(forged), forged[..^4] })
        {
            using var response = await PostAsync(route, ticket);

            Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{ticket ?? "none"}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("POST", "/")]
    [InlineData("GET", "/internal/v1/resolve")]
    [InlineData("GET", "/internal/v1/Encrypt")]
    [InlineData("POST", "/internal/v2/Encrypt")]
    [InlineData("POST", "/internal/v1/NoSuchAction")]
    public async Task Core_OtherRoute_AnswersNothing(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(service.CoreAddress!, path));
        using var response = await client.SendAsync(request);

        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    private static string Unsigned(string ticket)
    {
        // alg none, the claims kept
        var parts = ticket.Split('.');
        return $"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{parts[1]}.";
    }

    private async Task<HttpResponseMessage> PostAsync(string route, string? ticket)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.CoreAddress!, $"/internal/v1/{route}"));
        request.Content = JsonContent.Create(new JsonObject());
        request.Headers.Add("x-kms-request-id", Guid.NewGuid().ToString().ToUpperInvariant());
        if (ticket is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ticket.Length == 0 ? null : ticket);
        }

        return await client.SendAsync(request);
    }
}
