using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Rendering;

/// <summary>What an answer needs to know of its request.</summary>
/// <param name="HttpContext">Where it is written to.</param>
/// <param name="RequestId">Upper-case UUID, in the body and in <c>x-acs-request-id</c>.</param>
/// <param name="Format">JSON or XML; JSON when the request could not be read.</param>
/// <param name="Action">API name; names the XML root of a success.</param>
/// <param name="Host">Host of the request; <c>HostId</c> of errors.</param>
/// <param name="Version">API version once it is established (step 12): KMS has codes of its own for 500 and 503.</param>
internal sealed record ResponseContext(
    HttpContext HttpContext, string RequestId, ResponseFormat Format, string? Action, string Host, string? Version = null)
{
    private const string KmsVersion = "2016-01-20";

    /// <summary>Whether the service's own codes are to be used for faults of the server.</summary>
    public bool IsKms => string.Equals(Version, KmsVersion, StringComparison.Ordinal);

    /// <summary>The context of a request that was read.</summary>
    public static ResponseContext For(HttpContext context, string requestId, RpcRequest request) =>
        new(context, requestId, request.Format, request.Action, request.Host);

    /// <summary>The context of a request that could not be read: answered in JSON.</summary>
    public static ResponseContext ForUnread(HttpContext context, string requestId) =>
        new(context, requestId, ResponseFormat.Json, null, context.Request.Headers.Host.ToString());
}
