using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;

namespace KmsGateway.Gateway.Demo;

/// <summary>What came back.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The JSON object.</param>
internal sealed record DemoAnswer(int Status, JsonElement Body)
{
    public string RequestId => Body.GetProperty(nameof(RequestId)).GetString()!;

    /// <summary>Code of an error, <c>OK</c> otherwise.</summary>
    public string Code => Body.TryGetProperty(nameof(Code), out var code) ? code.GetString()! : "OK";
}

/// <summary>Someone with an access key: signs as the official clients do and talks HTTP.</summary>
internal sealed class DemoCaller(string name, string accessKeyId, string accessKeySecret, Uri endpoint, HttpClient http, TimeProvider clock) : IDisposable
{
    private readonly SecretBuffer secret = new(Encoding.UTF8.GetBytes(accessKeySecret));

    public string Name => name;

    public async Task<DemoAnswer> CallAsync(
        string version, string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        using var request = new RequestSigner(accessKeyId, secret, clock).Rpc(HttpMethod.Post, endpoint, version, action, parameters);
        using var response = await http.SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return new DemoAnswer((int)response.StatusCode, body.RootElement.Clone());
    }

    public void Dispose() => secret.Dispose();
}
