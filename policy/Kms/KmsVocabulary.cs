using System.Collections.Immutable;

namespace KmsGateway.Policy.Kms;

/// <summary>What a check of a KMS action is made on. Source: README of the golden cases, action-table.</summary>
public enum CheckTargetKind
{
    /// <summary>No kind.</summary>
    None = 0,

    /// <summary>No resource: checked on <c>*</c>.</summary>
    Anything,

    /// <summary>The key named by a parameter; skipped when optional and absent.</summary>
    Key,

    /// <summary>The alias named by a parameter.</summary>
    Alias,

    /// <summary>The key that the alias named by a parameter leads to now.</summary>
    KeyBehindAlias,

    /// <summary>The key named inside the ciphertext held by a parameter.</summary>
    CiphertextKey,

    /// <summary>The secret named by a parameter.</summary>
    Secret,

    /// <summary>The customer key of the secret named by a parameter, if it has one.</summary>
    SecretKey,

    /// <summary>The certificate named by a parameter.</summary>
    Certificate,

    /// <summary>The key or secret or certificate, whichever of KeyId, SecretName, CertificateId is given.</summary>
    KeyOrSecretOrCertificate,

    /// <summary>Each ResourceId.N, of the kind that ResourceType names.</summary>
    EachResource,

    /// <summary><c>...:key</c>.</summary>
    KeyContainer,

    /// <summary><c>...:alias</c>.</summary>
    AliasContainer,

    /// <summary><c>...:secret</c>.</summary>
    SecretContainer,

    /// <summary><c>...:certificate</c>.</summary>
    CertificateContainer,
}

/// <summary>One check that an action needs.</summary>
/// <param name="Action">Permission, <c>kms:Encrypt</c>.</param>
/// <param name="Target">What it is asked on.</param>
/// <param name="Parameter">The parameter that names the target; null for containers and <c>*</c>.</param>
/// <param name="CarriesTags">Whether <c>kms:tag/...</c> keys are supplied (R-TAG-2).</param>
/// <param name="IsOptional">Skipped when the parameter is absent.</param>
public sealed record CheckSpec(
    string Action, CheckTargetKind Target, string? Parameter = null, bool CarriesTags = false, bool IsOptional = false);

/// <summary>One KMS action as authorization sees it.</summary>
/// <param name="Name">API name.</param>
/// <param name="Checks">In order; empty when a valid signature is enough.</param>
/// <param name="AliasParameters">The parameters that may hold an alias in place of a key id.</param>
public sealed record KmsAction(string Name, ImmutableArray<CheckSpec> Checks, ImmutableArray<string> AliasParameters);
