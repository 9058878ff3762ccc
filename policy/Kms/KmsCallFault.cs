namespace KmsGateway.Policy.Kms;

/// <summary>Why a call ends: a code of the error catalogue (kms-api.md 14) and the parameter its message names.</summary>
/// <param name="Code">One of the constants here.</param>
/// <param name="Parameter">Name of the parameter at fault.</param>
public sealed record KmsCallFault(string Code, string Parameter)
{
    /// <summary>A parameter that names a resource is absent.</summary>
    public const string MissingParameter = "MissingParameter";

    /// <summary>A name is not well formed, or a ciphertext leads nowhere.</summary>
    public const string InvalidParameter = "InvalidParameter";

    /// <summary>An alias where only a key id is taken.</summary>
    public const string UnsupportedAlias = "Unsupported.Alias";

    /// <summary>No such key in its account and region.</summary>
    public const string KeyNotFound = "Forbidden.KeyNotFound";

    /// <summary>No such alias.</summary>
    public const string AliasNotFound = "Forbidden.AliasNotFound";

    /// <summary>No such secret.</summary>
    public const string SecretNotFound = "Forbidden.ResourceNotFound";

    /// <summary>No such certificate.</summary>
    public const string CertificateNotFound = "Certificate.NotFound";

    /// <summary>One of ResourceId.N names nothing.</summary>
    public const string ResourceIdNotFound = "InvalidResourceId.NotFound";

    internal static KmsCallFault Missing(string parameter) => new(MissingParameter, parameter);

    internal static KmsCallFault Invalid(string parameter) => new(InvalidParameter, parameter);
}
