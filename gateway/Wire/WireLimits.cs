using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KmsGateway.Gateway.Wire;

/// <summary>The sizes that a request may have, each checked before parsing or hashing. Source: signing.md 9.</summary>
internal static class WireLimits
{
    /// <summary>Request target: path and query as sent. One more: 414 <c>RequestUriTooLong</c>.</summary>
    public const int MaxTargetBytes = 64 * 1024;

    /// <summary>Body after de-chunking. One more: 413 <c>RequestEntityTooLarge</c>.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Parameters in query and form together. One more: 400 <c>InvalidParameter</c>.</summary>
    public const int MaxParameters = 1000;

    /// <summary>Characters of a decoded name. One more: 400 <c>InvalidParameter</c>.</summary>
    public const int MaxNameLength = 256;

    /// <summary>UTF-8 bytes of a decoded value. One more: 400 <c>InvalidParameter</c>.</summary>
    public const int MaxValueBytes = 64 * 1024;

    /// <summary>Characters of a nonce. One more: 400 <c>InvalidParameter</c>.</summary>
    public const int MaxNonceLength = 128;

    /// <summary>Characters of an AccessKeyId. One more: 400 <c>InvalidParameter</c>.</summary>
    public const int MaxAccessKeyIdLength = 128;

    /// <summary>Characters of a security token. One more: 400 <c>InvalidParameter</c>.</summary>
    public const int MaxSecurityTokenLength = 8 * 1024;

    /// <summary>Header lines. One more: 431 <c>RequestHeaderFieldsTooLarge</c>.</summary>
    public const int MaxHeaders = 100;

    /// <summary>Characters of all header names and values together. One more: 431 <c>RequestHeaderFieldsTooLarge</c>.</summary>
    public const int MaxHeaderBytes = 32 * 1024;

    /// <summary>
    /// Opens the server's own limits just beyond these, so that a request past a limit is answered here, with the JSON body
    /// that the official clients insist on, and not by the server with an empty one.
    /// </summary>
    public static void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 2 * MaxTargetBytes;
        limits.MaxRequestBufferSize = 2 * limits.MaxRequestLineSize;
        limits.MaxRequestHeaderCount = 2 * MaxHeaders;
        limits.MaxRequestHeadersTotalSize = 2 * MaxHeaderBytes;
        limits.MaxRequestBodySize = 2 * MaxBodyBytes;
    }
}
