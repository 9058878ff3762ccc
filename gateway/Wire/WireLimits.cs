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

    /// <summary>Header lines as sent: names, values, and four bytes a line for colon, blank and line end. One more: 431 <c>RequestHeaderFieldsTooLarge</c>.</summary>
    public const int MaxHeaderBytes = 32 * 1024;
}
