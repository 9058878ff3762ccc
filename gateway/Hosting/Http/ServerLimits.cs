using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>
/// The server's own limits. They lie above <see cref="WireLimits"/>, because the server refuses with an empty body and clients
/// need JSON (signing.md 7.4): between the two, <see cref="RequestGuard"/> answers. What is past the server's limits, or is not
/// HTTP at all, gets the server's bare 400, 408, 414 or 431.
/// </summary>
internal static class ServerLimits
{
    private const int ServerLineBytes = 128 * 1024;
    private const int ServerHeaders = 256;

    // Why: HTTP/2 counts the target among the headers.
    private const int ServerHeaderBytes = 256 * 1024;

    // Why: the server counts the framing of chunks; LimitedBody counts what they carry.
    private const int ServerBodyBytes = 2 * WireLimits.MaxBodyBytes;

    public static void Apply(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestLineSize = ServerLineBytes;
        server.Limits.MaxRequestHeaderCount = ServerHeaders;
        server.Limits.MaxRequestHeadersTotalSize = ServerHeaderBytes;
        server.Limits.MaxRequestBodySize = ServerBodyBytes;
        server.Limits.Http2.MaxRequestHeaderFieldSize = ServerLineBytes;
    }
}
