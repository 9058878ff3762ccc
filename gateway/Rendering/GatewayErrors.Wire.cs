using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <content>Before the signature is looked at, and when the server itself is in trouble. Source: signing.md 7.1, 9.</content>
internal static partial class GatewayErrors
{
    private const string WireTable = "signing.md 7.1";

    /// <summary>403, any method but GET and POST.</summary>
    public static readonly KmsError UnsupportedHttpMethod =
        new("UnsupportedHTTPMethod", 403, "This http method is not supported.", WireTable);

    /// <summary>405, a method that a path of the host itself does not take.</summary>
    public static readonly KmsError MethodNotAllowed =
        new("UnsupportedHTTPMethod", 405, "This http method is not supported.", WireTable);

    /// <summary>400, bad escape, invalid UTF-8, a body that signature 1.0 does not cover.</summary>
    public static readonly KmsError UndecodableRequest =
        new("ParseRequestParameterException", 400, "Server parse parameters exception. Please check your input params.", WireTable);

    /// <summary>400, a value that the parameter does not take; <c>{0}</c> is the parameter.</summary>
    public static readonly KmsError InvalidParameter =
        new("InvalidParameter", 400, "The specified parameter \"{0}\" is not valid.", "ram-sts-api.md, Common rules");

    /// <summary>400, also for names that differ only in letter case; <c>{0}</c> is the name.</summary>
    public static readonly KmsError DuplicateParameter =
        new("InvalidParameter", 400, "The parameter \"{0}\" is specified more than once.", WireTable);

    /// <summary>400, a name, value, nonce, AccessKeyId or token beyond its limit; <c>{0}</c> is the name.</summary>
    public static readonly KmsError ParameterTooLong =
        new("InvalidParameter", 400, "The parameter \"{0}\" is longer than allowed.", "signing.md 9");

    /// <summary>400, more than 1000 parameters.</summary>
    public static readonly KmsError TooManyParameters =
        new("InvalidParameter", 400, "The request has more parameters than allowed.", "signing.md 9");

    /// <summary>413; <c>{0}</c> is the limit in bytes.</summary>
    public static readonly KmsError RequestEntityTooLarge =
        new("RequestEntityTooLarge", 413, "The request body is larger than {0} bytes.", WireTable);

    /// <summary>414; <c>{0}</c> is the limit in bytes.</summary>
    public static readonly KmsError RequestUriTooLong =
        new("RequestUriTooLong", 414, "The request target is longer than {0} bytes.", WireTable);

    /// <summary>431; <c>{0}</c> is the limit: so many headers, or so many bytes.</summary>
    public static readonly KmsError RequestHeaderFieldsTooLarge =
        new("RequestHeaderFieldsTooLarge", 431, "The request headers are more or larger than allowed: {0}.", "signing.md 9");

    /// <summary>404, a path that serves nothing (decisions.md D8).</summary>
    public static readonly KmsError PathNotFound =
        new("InvalidPath.NotFound", 404, "The specified path is not found; the API is served at \"/\".", "decisions.md D8");

    /// <summary>400, <c>Format</c> other than JSON and XML.</summary>
    public static readonly KmsError InvalidFormat =
        new("InvalidParameter.Format", 400, "The specified parameter \"Format\" is not valid.", WireTable);

    /// <summary>400, unknown API version.</summary>
    public static readonly KmsError InvalidVersion =
        new("InvalidVersion", 400, "Specified parameter Version is not valid.", WireTable);

    /// <summary>404, unknown action.</summary>
    public static readonly KmsError InvalidAction =
        new("InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method.", WireTable);

    /// <summary>400, too many requests of one caller; goes with <c>x-acs-retry-after</c>.</summary>
    public static readonly KmsError ThrottlingUser =
        new("Throttling.User", 400, "Request was denied due to user flow control.", WireTable);

    /// <summary>500, before the version is known and for RAM and STS; KMS has <see cref="KmsErrors.InternalFailure"/>.</summary>
    public static readonly KmsError InternalError =
        new("InternalError", 500, "The request processing has failed due to some unknown error.", WireTable);

    /// <summary>503, before the version is known and for RAM and STS; KMS has its own.</summary>
    public static readonly KmsError ServiceUnavailable =
        new("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.", WireTable);
}
