namespace KmsGateway.Gateway.Wire;

/// <summary>Names of the common parameters and headers. Source: signing.md 2.1, 3.1.</summary>
internal static class WireNames
{
    public const string AccessKeyId = "AccessKeyId";
    public const string Action = "Action";
    public const string BearerToken = "BearerToken";
    public const string Format = "Format";
    public const string SecurityToken = "SecurityToken";
    public const string Signature = "Signature";
    public const string SignatureMethod = "SignatureMethod";
    public const string SignatureNonce = "SignatureNonce";
    public const string SignatureType = "SignatureType";
    public const string SignatureVersion = "SignatureVersion";
    public const string StsToken = "STSToken";
    public const string Timestamp = "Timestamp";
    public const string Version = "Version";

    public const string AcsHeaderPrefix = "x-acs-";
    public const string ActionHeader = "x-acs-action";
    public const string ContentHashHeader = "x-acs-content-sha256";
    public const string DateHeader = "x-acs-date";
    public const string NonceHeader = "x-acs-signature-nonce";
    public const string SecurityTokenHeader = "x-acs-security-token";
    public const string VersionHeader = "x-acs-version";

    /// <summary>
    /// The parameters that decide who asks for what. Another spelling of one of these in the same request is refused
    /// before anything is verified: a parser that ignores case would read another request.
    /// </summary>
    public static readonly string[] Authenticating =
    [
        AccessKeyId, Action, BearerToken, Format, SecurityToken, Signature, SignatureMethod, SignatureNonce, SignatureType,
        SignatureVersion, StsToken, Timestamp, Version,
    ];
}
