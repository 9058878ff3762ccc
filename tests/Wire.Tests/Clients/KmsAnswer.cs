using System.Net;
using System.Text.Json.Nodes;

namespace KmsGateway.Wire.Tests.Clients;

/// <summary>An answer of the service.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON of the body.</param>
internal sealed record KmsAnswer(HttpStatusCode Status, JsonNode Body)
{
    /// <summary>Code of a refusal, null on success.</summary>
    public string? Code => (string?)Body[nameof(Code)];

    /// <summary>The answer itself when it is a success; otherwise the test ends here.</summary>
    public JsonNode Success => Status == HttpStatusCode.OK ? Body : throw new InvalidOperationException($"{(int)Status} {Body.ToJsonString()}");
}
