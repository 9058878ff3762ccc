using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>What an operation does to a key.</summary>
internal enum OperationKind
{
    None = 0,

    /// <summary>Looks at metadata.</summary>
    Read,

    /// <summary>Uses a key.</summary>
    Cryptographic,

    /// <summary>Changes something: runs in a transaction, and never on a service-managed key.</summary>
    Mutating,
}

/// <summary>What a reference of a request leads to.</summary>
internal enum ReferenceTarget
{
    None = 0,
    KeyContainer,
    AliasContainer,

    /// <summary>The key named by a parameter: id, own ARN, or alias where that is accepted.</summary>
    Key,

    /// <summary>The alias named by a parameter, which must exist.</summary>
    Alias,

    /// <summary>The alias named by a parameter, which need not exist.</summary>
    NewAlias,

    /// <summary>The key that the alias named by a parameter leads to.</summary>
    KeyBehindAlias,

    /// <summary>The key whose version stands at the head of a ciphertext.</summary>
    CiphertextKey,

    /// <summary>The one of KeyId, SecretName, CertificateId that is given.</summary>
    KeyOrSecretOrCertificate,

    /// <summary>Each ResourceId, of the kind that ResourceType names.</summary>
    EachResource,
}

/// <summary>One reference, in the order in which it was authorized.</summary>
/// <param name="Target">What it leads to.</param>
/// <param name="Parameter">Where it stands.</param>
/// <param name="AcceptsAlias">Whether an alias may stand for a key.</param>
/// <param name="StateMatters">Whether the key's state can refuse the operation.</param>
/// <param name="Alternative">Where the same key may be named instead, or as well.</param>
internal sealed record ReferenceSpec(
    ReferenceTarget Target, string Parameter = "", bool AcceptsAlias = false, bool StateMatters = true, string? Alternative = null)
{
    /// <summary>The answer when there is no such key.</summary>
    public KmsError NotFound { get; init; } = KmsErrors.KeyNotFound;

    public bool IsOptional { get; init; }

    /// <summary>Whether a key pair may stand there whatever kind of key the operation works with.</summary>
    public bool MayBePair { get; init; }

    public static readonly ReferenceSpec KeyContainer = new(ReferenceTarget.KeyContainer);

    public static readonly ReferenceSpec AliasContainer = new(ReferenceTarget.AliasContainer);

    public static readonly ReferenceSpec KeyId = new(ReferenceTarget.Key, "KeyId");

    public static readonly ReferenceSpec KeyIdOrAlias = new(ReferenceTarget.Key, "KeyId", AcceptsAlias: true);

    public static readonly ReferenceSpec ProtectedKey = new(ReferenceTarget.Key, "ProtectedResourceArn", Alternative: "KeyId");

    public const string SourceKeyId = "SourceKeyId";

    /// <summary>The ciphertext of a key pair has no head: its key is named beside it.</summary>
    public static readonly ReferenceSpec SourceCiphertext = 
        new(ReferenceTarget.CiphertextKey, "CiphertextBlob", Alternative: SourceKeyId) { MayBePair = true };

    public static readonly ReferenceSpec DestinationKey = new(ReferenceTarget.Key, "DestinationKeyId", AcceptsAlias: true);

    /// <summary>Each of several; none at all is the container where they may be left out.</summary>
    public static readonly ReferenceSpec EachResource = new(ReferenceTarget.EachResource, "ResourceId") { NotFound = KmsErrors.ResourceIdNotFound };

    public static readonly ReferenceSpec EachResourceOrAll = EachResource with { IsOptional = true };

    public static readonly ReferenceSpec Ciphertext = new(ReferenceTarget.CiphertextKey, "CiphertextBlob");

    public static readonly ReferenceSpec Alias = new(ReferenceTarget.Alias, "AliasName", StateMatters: false);

    public static readonly ReferenceSpec NewAlias = new(ReferenceTarget.NewAlias, "AliasName", StateMatters: false);

    public static readonly ReferenceSpec KeyBehindAlias = new(ReferenceTarget.KeyBehindAlias, "AliasName", StateMatters: false);

    public static readonly ReferenceSpec KeyOrSecretOrCertificate = new(ReferenceTarget.KeyOrSecretOrCertificate, "KeyId");
}

/// <summary>The declaration of an operation: everything that is checked before its body runs.</summary>
/// <param name="Action">Name of the API action; also its row in <see cref="Keys.KeyStateTable"/>.</param>
/// <param name="Kind">What it does.</param>
/// <param name="References">In the order of the ticket's resources.</param>
internal sealed record OperationSpec(string Action, OperationKind Kind, params IReadOnlyList<ReferenceSpec> References)
{
    /// <summary>The kind of key that a cryptographic operation works with.</summary>
    public KeyKind Uses { get; init; } = KeyKind.Symmetric;

    /// <summary>
    /// Whether principals of another account can be let in by the key's policy: what uses a key, and what tells which key it is
    /// (ram-policy.md R-EVAL-9). Of the latter each says so itself.
    /// </summary>
    public bool IsForKeyUsers { get; init; } = Kind == OperationKind.Cryptographic;

    /// <summary>Claim <c>act</c> of a ticket for it.</summary>
    public string TicketAction { get; init; } = Action;
}

/// <summary>
/// An operation with slow work, done before its transaction, so that no other waits for it. All that is checked before its body is
/// checked before this too, on what is committed then, so that nobody makes work who may not.
/// </summary>
internal interface IPreparedOperation : IOperation
{
    /// <summary>What <see cref="OperationCall.Prepared"/> holds; null when there is no such work, or the body will refuse the parameters.</summary>
    /// <param name="call">A call that has begun outside of any transaction.</param>
    ValueTask<object?> PrepareAsync(OperationCall call);
}

/// <summary>One API action, as the core answers it.</summary>
internal interface IOperation
{
    OperationSpec Spec { get; }

    /// <summary>Runs when ticket, references, state and usage hold; a mutating one inside its transaction.</summary>
    OperationResult Execute(OperationCall call);
}
