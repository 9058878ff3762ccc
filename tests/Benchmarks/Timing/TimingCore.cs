using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Embedded;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Benchmarks.Timing;

/// <summary>An embedded core, and calls as the gateway makes them.</summary>
internal sealed class TimingCore : IAsyncDisposable
{
    public const string Account = "1000000000000001";
    public const string OtherAccount = "2000000000000002";

    private const string Region = "cn-hangzhou";

    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly TestTickets tickets = new();
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("kmsgateway-");
    private DataDirectory? data;
    private EmbeddedCore? core;
    private HttpMessageInvoker? invoker;

    public static async Task<TimingCore> StartAsync()
    {
        var made = new TimingCore();
        made.data = DataDirectory.Open(Path.Combine(made.directory.FullName, "data"), "a measurement");
        var options = new EmbeddedCoreOptions { DataDirectory = made.data, Region = Region, PublicKeysPem = [made.tickets.PublicPem] };
        made.core = await EmbeddedCore.StartAsync(options, NullLoggerFactory.Instance, new FrozenClock(Now), CancellationToken.None);
        made.invoker = new HttpMessageInvoker(made.core.Handler, disposeHandler: false);
        return made;
    }

    public static string KeyArn(string account, string keyId) => $"acs:kms:{Region}:{account}:key/{keyId}";

    public async Task<string> CreateKeyAsync(string account)
    {
        var made = await CallAsync(account, "CreateKey", [], new TicketResource($"acs:kms:{Region}:{account}:key", 0, 0));
        return (string)made["KeyMetadata"]!["KeyId"]!;
    }

    public async Task<string> EncryptAsync(string account, string keyId, TicketResource key, JsonObject? context)
    {
        var body = new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = "thirty-two bytes of a plain text", ["EncryptionContext"] = context };
        return (string)(await CallAsync(account, "Encrypt", body, key))["CiphertextBlob"]!;
    }

    public async Task<TicketResource> ResourceAsync(string account, string keyId)
    {
        var question = new JsonObject { ["kind"] = "key", ["account"] = account, ["region"] = Region, ["text"] = keyId };
        var body = new JsonObject { ["items"] = new JsonArray(question) };
        var answer = JsonNode.Parse(await SendAsync(InternalRoutes.Resolve, body.ToJsonString(), Ticket(account, KmsGateway.Core.Contract.Ticket.ResolveAction)))!;
        return new TicketResource(KeyArn(account, keyId), (long)answer["items"]![0]!["descriptor"]!["metadataVersion"]!, 0);
    }

    public string Ticket(string account, string action, params TicketResource[] resources) =>
        tickets.Mint(TestTickets.Claims(Now, account, $"acs:ram::{account}:user/tester", action, resources));

    /// <summary>One exchange through the core's own pipeline; the text of the answer.</summary>
    public async Task<string> SendAsync(string path, string body, string ticket)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(EmbeddedCore.Address, path));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add(InternalRoutes.RequestIdHeader, "5f0a1c52-6d1e-4a37-9a55-0b6f3d2f7c11");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ticket);
        using var response = await invoker!.SendAsync(request, CancellationToken.None);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        invoker?.Dispose();
        if (core is not null)
        {
            await core.DisposeAsync();
        }

        data?.Dispose();
        tickets.Dispose();
        directory.Delete(recursive: true);
    }

    private async Task<JsonNode> CallAsync(string account, string action, JsonObject body, TicketResource resource) =>
        JsonNode.Parse(await SendAsync($"{InternalRoutes.Actions}/{action}", body.ToJsonString(), Ticket(account, action, resource)))!;
}
