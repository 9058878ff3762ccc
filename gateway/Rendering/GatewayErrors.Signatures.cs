using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <content>Steps 5 to 11 of the order of checks. Source: signing.md 7.1.</content>
internal static partial class GatewayErrors
{
    private const string SignatureTable = "signing.md 7.1";

    /// <summary>404, unknown AccessKeyId.</summary>
    public static readonly KmsError AccessKeyNotFound =
        new("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found.", SignatureTable);

    /// <summary>400, disabled AccessKeyId.</summary>
    public static readonly KmsError AccessKeyInactive =
        new("InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled.", SignatureTable);

    /// <summary>
    /// 400, signature 1.0. Clients cut the text after <c>is:</c> and compare it with their own; nothing may follow it. It may
    /// hold a security token, so the message goes to the caller and nowhere else. Source: signing.md 7.2.
    /// </summary>
    public static readonly KmsError SignatureDoesNotMatch = new(
        "SignatureDoesNotMatch",
        400,
        "Specified signature is not matched with our calculation. server string to sign is:{0}",
        "signing.md 7.1, 7.2");

    /// <summary>400, ACS3; <c>{0}</c> is <c>server StringToSign is [...] server CanonicalRequest is [...]</c>.</summary>
    public static readonly KmsError Acs3SignatureDoesNotMatch =
        new("SignatureDoesNotMatch", 400, "Specified signature does not match our calculation. {0}", "signing.md 7.1, 7.2");

    /// <summary>400, malformed Authorization, unsigned header, mixed schemes.</summary>
    public static readonly KmsError IncompleteSignature =
        new("IncompleteSignature", 400, "The request signature does not conform to Aliyun standards.", SignatureTable);

    /// <summary>400, outside the window, or older than what replay protection remembers.</summary>
    public static readonly KmsError TimestampExpired =
        new("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired.", SignatureTable);

    /// <summary>400.</summary>
    public static readonly KmsError TimestampFormat =
        new("InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted.", SignatureTable);

    /// <summary>400, replay.</summary>
    public static readonly KmsError SignatureNonceUsed =
        new("SignatureNonceUsed", 400, "Specified signature nonce was used already.", SignatureTable);

    /// <summary>400, unknown method or algorithm.</summary>
    public static readonly KmsError InvalidSignatureMethod =
        new("InvalidSignatureMethod", 400, "Specified signature method is not supported.", SignatureTable);

    /// <summary>400.</summary>
    public static readonly KmsError InvalidSignatureVersion =
        new("InvalidSignatureVersion", 400, "Specified signature version is not supported.", SignatureTable);

    /// <summary>400, a token that was never issued here, or is damaged.</summary>
    public static readonly KmsError SecurityTokenMalformed =
        new("InvalidSecurityToken.Malformed", 400, "Specified SecurityToken is malformed.", SignatureTable);

    /// <summary>400, another AccessKeyId's token, a token with a long-term AccessKeyId, two tokens that differ.</summary>
    public static readonly KmsError SecurityTokenMismatch =
        new("InvalidSecurityToken.MismatchWithAccessKey", 400, "Specified SecurityToken mismatch with the AccessKey.", SignatureTable);

    /// <summary>400, the session is over.</summary>
    public static readonly KmsError SecurityTokenExpired =
        new("InvalidSecurityToken.Expired", 400, "Specified SecurityToken is expired.", SignatureTable);

    /// <summary>400.</summary>
    public static readonly KmsError InvalidBearerToken =
        new("InvalidBearerToken", 400, "Specified bearer token is not valid.", SignatureTable);
}
