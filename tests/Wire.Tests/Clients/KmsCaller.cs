using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Tests;

namespace KmsGateway.Wire.Tests.Clients;

/// <summary>Calls the service under signature 1.0, POST with a form.</summary>
internal sealed class KmsCaller(Uri address, string accessKeyId, string accessKeySecret) : IDisposable
{
    private const string KmsVersion = "2016-01-20";
    private const string RamVersion = "2015-05-01";

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Root of a service that was given its credentials.</summary>
    public static KmsCaller Root(KmsProcess service) => new(service.Http, KmsProcessOptions.AccessKeyId, service.AccessKeySecret);

    /// <summary>Another caller of the same service.</summary>
    public KmsCaller As(string otherId, string otherSecret) => new(address, otherId, otherSecret);

    /// <summary>A KMS call.</summary>
    public Task<KmsAnswer> KmsAsync(string action, params (string Name, string Value)[] parameters) => SendAsync(KmsVersion, action, parameters);

    /// <summary>A RAM call.</summary>
    public Task<KmsAnswer> RamAsync(string action, params (string Name, string Value)[] parameters) => SendAsync(RamVersion, action, parameters);

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    /// <summary>A call of any version.</summary>
    public async Task<KmsAnswer> SendAsync(string version, string action, (string Name, string Value)[] parameters)
    {
        var form = RpcSigner.Sign(
            "POST", accessKeyId, accessKeySecret, version, action, parameters.ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal));
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var response = await client.PostAsync(address, content);
        var text = await response.Content.ReadAsStringAsync();
        return new KmsAnswer(response.StatusCode, JsonNode.Parse(text) ?? throw new InvalidOperationException($"{(int)response.StatusCode}: {text}"));
    }
}
