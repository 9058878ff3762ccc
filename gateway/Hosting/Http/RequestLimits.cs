using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>
/// Sizes of signing.md section 9. The server's own limits lie above them, because it refuses with an empty body and clients
/// need JSON (section 7.4): between the two, <see cref="RequestGuard"/> answers. What is past the server's limits, or is not
/// HTTP at all, gets the server's bare 400, 408, 414 or 431.
/// </summary>
internal static class RequestLimits
{
    public const int MaxTargetBytes = 64 * 1024;
    public const int MaxHeaders = 100;
    public const int MaxHeaderBytes = 32 * 1024;
    public const int MaxBodyBytes = 1024 * 1024;

    private const int ServerLineBytes = 128 * 1024;
    private const int ServerHeaders = 256;

    // Why: HTTP/2 counts the target among the headers.
    private const int ServerHeaderBytes = 256 * 1024;

    public static void Apply(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestLineSize = ServerLineBytes;
        server.Limits.MaxRequestHeaderCount = ServerHeaders;
        server.Limits.MaxRequestHeadersTotalSize = ServerHeaderBytes;
        server.Limits.MaxRequestBodySize = MaxBodyBytes;
        server.Limits.Http2.MaxRequestHeaderFieldSize = ServerLineBytes;
    }
}
