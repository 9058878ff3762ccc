using System.Collections.Frozen;
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

    /// <summary>
    /// Each ResourceId.N, of the kind that ResourceType names. When optional and none is given: the container of that kind
    /// (decisions.md D9).
    /// </summary>
    EachResource,

    /// <summary>Each secret of a JSON array of <c>{"SecretName"}</c> objects.</summary>
    EachSecret,

    /// <summary>The customer key of each secret of such an array, where it has one.</summary>
    EachSecretKey,

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
/// <param name="Alternative">A second parameter that may name the key in place of <paramref name="Parameter"/>.</param>
public sealed record CheckSpec(
    string Action,
    CheckTargetKind Target,
    string? Parameter = null,
    bool CarriesTags = false,
    bool IsOptional = false,
    string? Alternative = null);

/// <summary>One KMS action as authorization sees it.</summary>
/// <param name="Name">API name.</param>
/// <param name="Checks">In order; empty when a valid signature is enough.</param>
/// <param name="AliasParameters">The parameters that may hold an alias in place of a key id.</param>
public sealed record KmsAction(string Name, ImmutableArray<CheckSpec> Checks, ImmutableArray<string> AliasParameters)
{
    /// <summary>Whether the key of another account can be meant: all that it asks is for key users (R-EVAL-9).</summary>
    public bool IsForKeyUsers { get; init; } = !Checks.IsEmpty && Checks.All(check => KmsVocabulary.IsForKeyUsers(check.Action));
}

/// <summary>
/// The actions of the key service (version 2016-01-20): which permission each needs on what, which parameters may hold an
/// alias, which checks carry tags. Sources: kms-actions.json, then kms-api.json section "authorization", decisions.md D5, D9.
/// </summary>
public static partial class KmsVocabulary
{
    /// <summary>API version of every action here.</summary>
    public const string ApiVersion = "2016-01-20";

    /// <summary>Prefix of the condition key that holds a tag: <c>kms:tag/Project</c> (R-TAG-1).</summary>
    public const string TagKeyPrefix = "kms:tag/";

    /// <summary>ResourceId.N: N from 1 to this. Source: kms-api.json, TagResources.</summary>
    public const int MaxResourceIds = 50;

    /// <summary>Secrets in one BatchGetSecretValue. Source: kms-api.json.</summary>
    public const int MaxSecretsListItems = 20;

    private const string KeyIdParameter = "KeyId";
    private const string SecretNameParameter = "SecretName";
    private const string CertificateIdParameter = "CertificateId";

    private static readonly ImmutableArray<KmsAction> Actions =
    [
        .. ServiceActions(), .. KeyActions(), .. ImportActions(), .. VersionActions(), .. AliasActions(), .. SymmetricActions(),
        .. AsymmetricActions(), .. TagActions(), .. SecretActions(), .. PolicyActions(), .. CertificateActions(), .. OutOfScopeActions(),
    ];

    private static readonly FrozenDictionary<string, KmsAction> ByName =
        Actions.ToFrozenDictionary(action => action.Name, StringComparer.Ordinal);

    /// <summary>Every action, in the order of kms-api.md section 4.</summary>
    public static ImmutableArray<KmsAction> All => Actions;

    /// <summary>
    /// Whether users of a key may have the permission, or its administrators only. Foreign principals are admitted as key users
    /// and nothing else: what uses a key, and what tells which key it is (R-EVAL-9). Tags, aliases, policy and state stay with
    /// the owner's account.
    /// </summary>
    /// <param name="permission"><c>kms:Decrypt</c>; letter case counts.</param>
    public static bool IsForKeyUsers(string permission) => KeyUserPermissions.Permissions.Contains(permission);

    /// <summary>The action of that name (letter case counts); null when there is none.</summary>
    public static KmsAction? Find(string name) => ByName.GetValueOrDefault(name);

    private static KmsAction Unchecked(string name) => new(name, [], []);

    private static KmsAction On(string name, CheckTargetKind target, string? parameter = null) =>
        new(name, [new CheckSpec(Permission(name), target, parameter)], []);

    private static KmsAction OnKey(string name, bool carriesTags = false, bool acceptsAlias = false) =>
        new(
            name,
            [new CheckSpec(Permission(name), CheckTargetKind.Key, KeyIdParameter, carriesTags)],
            acceptsAlias ? [KeyIdParameter] : []);

    private static KmsAction OnCiphertext(string name) =>
        new(name, [new CheckSpec(Permission(name), CheckTargetKind.CiphertextKey, "CiphertextBlob", CarriesTags: true)], []);

    private static KmsAction OnSecret(string name) => On(name, CheckTargetKind.Secret, SecretNameParameter);

    private static KmsAction OnCertificate(string name) => On(name, CheckTargetKind.Certificate, CertificateIdParameter);

    private static string Permission(string name) => $"kms:{name}";
}
