using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Startup;
using KmsGateway.Gateway.Tests.Hosting;

namespace KmsGateway.Gateway.Tests.Pipeline;

/// <summary>What came back.</summary>
internal sealed record ApiAnswer(int Status, JsonElement Body, string Text)
{
    public string Code => Body.TryGetProperty(nameof(Code), out var code) ? code.GetString()! : "OK";

    public string RequestId => Body.GetProperty(nameof(RequestId)).GetString()!;

    public string this[params string[] path] => path.Aggregate(Body, (element, name) => element.GetProperty(name)).ToString();
}

/// <summary>Somebody with an access key.</summary>
internal sealed record ApiCaller(string AccessKeyId, string AccessKeySecret, string? SecurityToken = null);

/// <summary>The whole service in this process, on a real port, with what it logs kept.</summary>
internal sealed class ApiGateway : IAsyncDisposable
{
    public const string Account = "1234567890123456";

    private readonly HostedGateway hosted;

    private ApiGateway(HostedGateway hosted) => this.hosted = hosted;

    /// <summary>What requests are stamped by, and the server lives by.</summary>
    public TimeProvider Clock => hosted.Clock;

    public ApiCaller Root { get; } = new("testAkRoot0000000001", "testSecretRoot00000000000001");

    public HostedGateway Hosted => hosted;

    public static Task<ApiGateway> StartAsync(params string[] arguments) => StartAsync(TimeProvider.System, arguments);

    public static Task<ApiGateway> StartAsync(TimeProvider clock, params string[] arguments) => StartAsync(clock, new ApiModule(), arguments);

    public static async Task<ApiGateway> StartAsync(TimeProvider clock, IGatewayModule module, params string[] arguments) => new(await HostedGateway.StartAsync(
        clock,
        module,
        [
            $"--Kms:Bootstrap:AccountId={Account}",
            "--Kms:Bootstrap:AccessKeyId=testAkRoot0000000001",
            "--Kms:Bootstrap:AccessKeySecret=testSecretRoot00000000000001",
            .. arguments,
        ]));

    public Task<ApiAnswer> KmsAsync(ApiCaller caller, string action, params (string Name, string Value)[] parameters) =>
        CallAsync(caller, ActionCatalogue.KmsVersion, action, parameters);

    public Task<ApiAnswer> RamAsync(string action, params (string Name, string Value)[] parameters) =>
        CallAsync(Root, ActionCatalogue.RamVersion, action, parameters);

    public async Task<ApiAnswer> CallAsync(ApiCaller caller, string version, string action, params (string Name, string Value)[] parameters)
    {
        using var secret = new SecretBuffer(Encoding.UTF8.GetBytes(caller.AccessKeySecret));
        using var request = new RequestSigner(caller.AccessKeyId, secret, Clock, caller.SecurityToken).Rpc(
            HttpMethod.Post, hosted.Http, version, action, parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
        using var response = await hosted.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        using var body = JsonDocument.Parse(text);
        return new ApiAnswer((int)response.StatusCode, body.RootElement.Clone(), text);
    }

    /// <summary>A key, with tags.</summary>
    public async Task<string> CreateKeyAsync(params (string Key, string Value)[] tags)
    {
        var text = JsonSerializer.Serialize(tags.Select(tag => new { TagKey = tag.Key, TagValue = tag.Value }));
        var answer = tags.Length == 0 ? await KmsAsync(Root, "CreateKey") : await KmsAsync(Root, "CreateKey", ("Tags", text));
        Assert.Equal("OK", answer.Code);
        return answer["KeyMetadata", "KeyId"];
    }

    /// <summary>A RAM user with an access key, and a policy of one statement attached.</summary>
    public async Task<ApiCaller> CreateUserAsync(string name, string statement)
    {
        Assert.Equal("OK", (await RamAsync("CreateUser", ("UserName", name))).Code);
        var key = await RamAsync("CreateAccessKey", ("UserName", name));
        Assert.Equal("OK", (await RamAsync("CreatePolicy", ("PolicyName", $"{name}-policy"), ("PolicyDocument", $$"""{"Version":"1","Statement":[{{statement}}]}"""))).Code);
        Assert.Equal("OK", (await RamAsync("AttachPolicyToUser", ("PolicyName", $"{name}-policy"), ("PolicyType", "Custom"), ("UserName", name))).Code);
        return new ApiCaller(key["AccessKey", "AccessKeyId"], key["AccessKey", "AccessKeySecret"]);
    }

    /// <summary>The trail's event of a request, or null.</summary>
    public JsonElement? EventOf(string requestId)
    {
        const string prefix = "Information 5000 ";
        var line = hosted.Log.Lines.SingleOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal) && line.Contains($"\"eventId\":\"{requestId}\"", StringComparison.Ordinal));
        if (line is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(line[prefix.Length..]);
        return document.RootElement.Clone();
    }

    public ValueTask DisposeAsync() => hosted.DisposeAsync();
}
