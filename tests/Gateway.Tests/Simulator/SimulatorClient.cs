using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Simulator;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>Signed requests below <c>/policy/</c>.</summary>
internal static class SimulatorClient
{
    public static Task<ApiAnswer> AskAsync(this ApiGateway gateway, ApiCaller caller, string path, object? body = null) =>
        gateway.AskTextAsync(caller, path, body is null ? null : body as string ?? JsonSerializer.Serialize(body));

    public static async Task<ApiAnswer> AskTextAsync(
        this ApiGateway gateway, ApiCaller caller, string path, string? body, string? action = null, string? accept = null)
    {
        using var request = gateway.SignedRequest(caller, path, body, action);
        if (accept is not null)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }

        using var response = await gateway.Hosted.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json";
        using var json = JsonDocument.Parse(isJson ? text : "{}");
        return new ApiAnswer((int)response.StatusCode, json.RootElement.Clone(), text);
    }

    public static HttpRequestMessage SignedRequest(
        this ApiGateway gateway, ApiCaller caller, string path, string? body, string? action = null, string version = SimulatorEndpoints.Version)
    {
        var endpoint = SimulatorEndpoints.All.Single(each => each.Path == path.Split('?')[0]);
        using var secret = new SecretBuffer(Encoding.UTF8.GetBytes(caller.AccessKeySecret));
        var query = path.Contains('?', StringComparison.Ordinal) ? path.Split('?')[1].Split('&').Select(pair => pair.Split('=')) : [];
        return new RequestSigner(caller.AccessKeyId, secret, gateway.Hosted.Clock, caller.SecurityToken).Acs3(
            new HttpMethod(endpoint.Method),
            gateway.Hosted.Http,
            version,
            action ?? endpoint.Action.Name,
            query.Select(pair => KeyValuePair.Create(pair[0], pair[1])),
            body is null ? null : Encoding.UTF8.GetBytes(body),
            body is null ? null : "application/json; charset=utf-8",
            endpoint.Path);
    }

    /// <summary>The answer but for what no two answers share.</summary>
    public static string WithoutId(this ApiAnswer answer) =>
        answer.Text.Replace(answer["requestId"], "-", StringComparison.Ordinal);
}
