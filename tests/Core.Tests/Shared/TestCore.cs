using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Embedded;
using KmsGateway.Core.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests;

/// <summary>A started embedded core on a directory of its own, and a gateway's view of it.</summary>
internal sealed class TestCore : IAsyncDisposable
{
    public const string Account = "1000000000000001";
    public const string OtherAccount = "2000000000000002";
    public const string Region = "cn-hangzhou";
    public const string User = "acs:ram::1000000000000001:user/tester";

    private readonly TempDirectory directory;
    private readonly bool ownsDirectory;
    private DataDirectory? data;
    private EmbeddedCore? core;
    private HttpMessageInvoker? invoker;

    private TestCore(TempDirectory? directory)
    {
        ownsDirectory = directory is null;
        this.directory = directory ?? new TempDirectory();
    }

    public TestClock Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public TestTickets Tickets { get; } = new();

    public CapturingLoggers Logs { get; } = new();

    /// <summary>The core itself, while it runs.</summary>
    public EmbeddedCore Running => core!;

    public string DatabasePath => directory.File("data/keys.db");

    public string RootKeyPath => directory.File("data/root.key");

    public static async Task<TestCore> StartAsync(CoreQuotas? quotas = null, TempDirectory? directory = null)
    {
        var test = new TestCore(directory);
        await test.StartCoreAsync(quotas);
        return test;
    }

    public async Task StartCoreAsync(CoreQuotas? quotas = null)
    {
        data = DataDirectory.Open(directory.File("data"), "a test");
        var options = new EmbeddedCoreOptions
        {
            DataDirectory = data,
            Region = Region,
            PublicKeysPem = [Tickets.PublicPem],
            Quotas = quotas ?? new CoreQuotas(),
        };
        try
        {
            core = await EmbeddedCore.StartAsync(options, Logs, Clock, CancellationToken.None);
        }
        catch
        {
            data.Dispose();
            throw;
        }

        invoker = new HttpMessageInvoker(core.Handler, disposeHandler: false);
    }

    public async Task StopCoreAsync()
    {
        invoker?.Dispose();
        if (core is not null)
        {
            await core.DisposeAsync();
        }

        data?.Dispose();
        core = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopCoreAsync();
        Tickets.Dispose();
        if (ownsDirectory)
        {
            directory.Dispose();
        }
    }

    /// <summary>A row of the database, changed behind the core's back while it is stopped.</summary>
    public void Alter(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabasePath, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    /// <summary>One number out of the database, while the core is stopped.</summary>
    public long Scalar(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabasePath, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public JsonObject Claims(string action, string subject, params TicketResource[] resources) =>
        TestTickets.Claims(Clock.GetUtcNow(), Account, subject, action, resources);

    public Task<CoreAnswer> SendAsync(string action, JsonObject body, params TicketResource[] resources) =>
        SendWithAsync(action, body, Tickets.Mint(Claims(action, User, resources)));

    public Task<CoreAnswer> SendAsAsync(string subject, string action, JsonObject body, params TicketResource[] resources) =>
        SendWithAsync(action, body, Tickets.Mint(Claims(action, subject, resources)));

    public Task<CoreAnswer> SendWithAsync(string action, JsonObject body, string? token) =>
        PostAsync($"{InternalRoutes.Actions}/{action}", body.ToJsonString(), token);

    public async Task<CoreAnswer> PostAsync(string path, string body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(EmbeddedCore.Address, path));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add(InternalRoutes.RequestIdHeader, "5f0a1c52-6d1e-4a37-9a55-0b6f3d2f7c11");
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await invoker!.SendAsync(request, CancellationToken.None);
        var text = await response.Content.ReadAsStringAsync();
        return new CoreAnswer(response.StatusCode, text);
    }

    public async Task<CoreAnswer> ResolveAsync(params JsonObject[] items)
    {
        var token = Tickets.Mint(Claims(Ticket.ResolveAction, User));
        var body = new JsonObject { ["items"] = new JsonArray([.. items]) };
        return await PostAsync(InternalRoutes.Resolve, body.ToJsonString(), token);
    }

    /// <summary>What the gateway does first: the descriptor of one reference, as a ticket's resource.</summary>
    public async Task<TicketResource> ResourceAsync(string kind, string text)
    {
        var answer = await ResolveAsync(Question(kind, text));
        var descriptor = answer.Json["items"]![0]!["descriptor"]!;
        return new TicketResource(
            (string)descriptor["keyArn"]!, (long)descriptor["metadataVersion"]!, (long?)descriptor["aliasGeneration"] ?? 0);
    }

    public Task<TicketResource> KeyAsync(string keyId) => ResourceAsync("key", keyId);

    public Task<TicketResource> KeyBehindAsync(string alias) => ResourceAsync("alias", alias);

    public async Task<TicketResource> AliasAsync(string alias) =>
        new(AliasArn(alias), 0, (await KeyBehindAsync(alias)).AliasGeneration);

    public async Task<string> CreateKeyAsync(JsonObject? body = null)
    {
        var answer = await SendAsync("CreateKey", body ?? [], KeyBox);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (string)answer.Json["KeyMetadata"]!["KeyId"]!;
    }

    public async Task CreateAliasAsync(string name, string keyId)
    {
        var answer = await SendAsync("CreateAlias", new JsonObject { ["AliasName"] = name, ["KeyId"] = keyId }, await KeyAsync(keyId), new TicketResource(AliasArn(name), 0, 0));
        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Text));
    }

    public async Task<CoreAnswer> OnKeyAsync(string action, string keyId, JsonObject? more = null)
    {
        var body = new JsonObject { ["KeyId"] = keyId };
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return await SendAsync(action, body, await KeyAsync(keyId));
    }

    public async Task<string> EncryptAsync(string keyId, string plaintext, JsonObject? context = null)
    {
        var answer = await OnKeyAsync("Encrypt", keyId, new JsonObject { ["Plaintext"] = plaintext, ["EncryptionContext"] = context });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (string)answer.Json["CiphertextBlob"]!;
    }

    /// <summary>With the ticket the gateway would mint: the key in the first 48 characters, or <c>key/unresolved</c>.</summary>
    public async Task<CoreAnswer> DecryptAsync(string blob, JsonObject? context = null, string? subject = null)
    {
        var body = new JsonObject { ["CiphertextBlob"] = blob, ["EncryptionContext"] = context };
        return await SendAsAsync(subject ?? User, "Decrypt", body, await CiphertextResourceAsync(blob));
    }

    public async Task<TicketResource> CiphertextResourceAsync(string blob)
    {
        var buffer = new byte[36];
        if (blob.Length >= 48 && Convert.TryFromBase64String(blob[..48], buffer, out var written) && written == 36)
        {
            var answer = await ResolveAsync(Question("ciphertextHead", Encoding.Latin1.GetString(buffer)));
            if (answer.Json["items"]![0]!["descriptor"] is { } descriptor)
            {
                return new TicketResource((string)descriptor["keyArn"]!, (long)descriptor["metadataVersion"]!, 0);
            }
        }

        return new TicketResource(KeyArn("unresolved"), 0, 0);
    }

    public async Task<string> ServiceKeyAsync(string product)
    {
        var answer = await PostAsync(
            $"{InternalRoutes.Actions}/{InternalRoutes.EnsureServiceKey}",
            new JsonObject { ["Product"] = product }.ToJsonString(),
            Tickets.Mint(Claims(Ticket.EnsureServiceKeyAction, Ticket.ServiceSubject(Account, product))));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (string)answer.Json["KeyId"]!;
    }

    public Task RunScheduledWorkAsync() => core!.RunScheduledWorkAsync();

    public async Task<JsonNode> DescribeAsync(string keyId) => (await OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!;

    /// <summary>Ids of the versions of a key, newest first.</summary>
    public async Task<IReadOnlyList<string>> VersionsAsync(string keyId)
    {
        var answer = await OnKeyAsync("ListKeyVersions", keyId, new JsonObject { ["PageSize"] = 100 });
        answer.ShouldBeOk();
        return [.. answer.Json["KeyVersions"]!["KeyVersion"]!.AsArray().Select(version => (string)version!["KeyVersionId"]!)];
    }

    public static JsonObject Question(string kind, string text, string account = Account, string region = Region) => new()
    {
        ["kind"] = kind,
        ["account"] = account,
        ["region"] = region,
        ["text"] = text,
    };

    public static TicketResource KeyBox { get; } = new($"acs:kms:{Region}:{Account}:key", 0, 0);

    public static TicketResource AliasBox { get; } = new($"acs:kms:{Region}:{Account}:alias", 0, 0);

    public static string KeyArn(string keyId) => $"acs:kms:{Region}:{Account}:key/{keyId}";

    public static string AliasArn(string alias) => $"acs:kms:{Region}:{Account}:{alias}";
}

/// <summary>What came back.</summary>
internal sealed record CoreAnswer(HttpStatusCode Status, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string? Code => Json[nameof(Code)]?.GetValue<string>();

    public string? Parameter => Json[nameof(Parameter)]?.GetValue<string>();

    public void ShouldBe(int status, string code, string? parameter = null) =>
        Assert.Equal((status, code, parameter), ((int)Status, Code, Parameter));

    public void ShouldBeOk() => Assert.True(Status == HttpStatusCode.OK, Text);
}
