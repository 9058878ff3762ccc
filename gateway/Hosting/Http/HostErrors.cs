using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>
/// Refusals of the host itself, before a request reaches the API. Source: signing.md 7.1 and 9. Part of the gateway's half of
/// the error catalogue.
/// </summary>
internal static class HostErrors
{
    private const string Source = "signing.md 7.1";

    /// <summary>A path that nothing serves.</summary>
    public static readonly KmsError NoSuchPath =
        new("InvalidPath.NotFound", 404, "The specified path is not found; the API is served at \"/\".", "decisions.md D8");

    /// <summary>A method that the path does not take; only paths of the host itself come here.</summary>
    public static readonly KmsError UnsupportedMethod =
        new("UnsupportedHTTPMethod", 405, "This http method is not supported.", Source);

    /// <summary>The server could not read the request, or the client sent it too slowly.</summary>
    public static readonly KmsError Unreadable =
        new("ParseRequestParameterException", 400, "Server parse parameters exception. Please check your input params.", Source);

    /// <summary>Body over <see cref="RequestLimits.MaxBodyBytes"/>.</summary>
    public static readonly KmsError BodyTooLarge =
        new("RequestEntityTooLarge", 413, "The request body is larger than {0} bytes.", Source);

    /// <summary>Target over <see cref="RequestLimits.MaxTargetBytes"/>.</summary>
    public static readonly KmsError TargetTooLong =
        new("RequestUriTooLong", 414, "The request target is longer than {0} bytes.", Source);

    /// <summary>More or larger headers than allowed.</summary>
    public static readonly KmsError HeadersTooLarge =
        new("RequestHeaderFieldsTooLarge", 431, "The request headers are more or larger than allowed: {0}.", "signing.md 9");

    /// <summary>Anything unforeseen; the log has the details under the request id.</summary>
    public static readonly KmsError Internal =
        new("InternalError", 500, "The request processing has failed due to some unknown error.", Source);
}
