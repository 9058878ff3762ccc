namespace KmsGateway.Core.Contract;

/// <summary>What a reference in a request is. Source: decisions.md D1.</summary>
public enum ReferenceKind
{
    /// <summary>Not a reference.</summary>
    None = 0,

    /// <summary>A key id, as the caller wrote it; never an alias and never an ARN.</summary>
    Key,

    /// <summary>An alias with its <c>alias/</c> prefix.</summary>
    Alias,

    /// <summary>The key version id in the first 36 bytes of a ciphertext.</summary>
    CiphertextHead,

    /// <summary>The name of a secret.</summary>
    Secret,

    /// <summary>The id of a certificate.</summary>
    Certificate,
}

/// <summary>One question to <c>POST /internal/v1/resolve</c>.</summary>
/// <param name="Kind">What <paramref name="Text"/> is.</param>
/// <param name="Account">The account to look in.</param>
/// <param name="Region">The region to look in.</param>
/// <param name="Text">The reference itself.</param>
/// <param name="MayBeShared">
/// Whether a key of another account may be the answer, if it has a policy that holds the id of the ticket's account: a key in
/// <paramref name="Account"/>, which then need not be the ticket's, or the key of a ciphertext in whatever account. The gateway
/// tells nobody of it whom that policy does not name. Source: ram-policy.md R-EVAL-9.
/// </param>
public sealed record ReferenceQuestion(ReferenceKind Kind, string Account, string Region, string Text, bool MayBeShared = false);

/// <summary>
/// All that the gateway may know of a key: enough to decide, nothing to decrypt with. Source: decisions.md D1, D3.
/// </summary>
/// <param name="KeyArn">ARN made from stored records.</param>
/// <param name="State">KeyState at the time of the answer; informative, the core checks it live.</param>
/// <param name="Tags">Tag key to value; what <c>kms:tag/</c> conditions see.</param>
/// <param name="MetadataVersion">Raised by tags, key policy, managed mark and deletion; never repeats for a key.</param>
/// <param name="AliasGeneration">For alias references: from a store-wide sequence, so that delete and recreate never repeat.</param>
/// <param name="KeyPolicy">The key's resource policy as JSON text, if it has one.</param>
/// <param name="ManagedBy">Product code of a service-managed key, <c>ram</c>.</param>
public sealed record KeyDescriptor(
    string KeyArn,
    string State,
    IReadOnlyDictionary<string, string> Tags,
    long MetadataVersion,
    long? AliasGeneration = null,
    string? KeyPolicy = null,
    string? ManagedBy = null);

/// <summary>The answer to one <see cref="ReferenceQuestion"/>; no descriptor means not found.</summary>
/// <param name="Descriptor">The resource, when it exists in that account and region.</param>
public sealed record ReferenceAnswer(KeyDescriptor? Descriptor = null);

/// <summary>Body of <c>POST /internal/v1/resolve</c>: at most 100 questions, answered item by item.</summary>
/// <param name="Items">The questions.</param>
public sealed record ResolveRequest(IReadOnlyList<ReferenceQuestion> Items);

/// <summary>Answer of <c>POST /internal/v1/resolve</c>, in the order of the questions.</summary>
/// <param name="Items">The answers.</param>
public sealed record ResolveResponse(IReadOnlyList<ReferenceAnswer> Items);

/// <summary>
/// Body of a 409 of the core: the decision was made for metadata that is no longer current. The gateway decides again with
/// these descriptors, in the order of the ticket's resources; null where the resource is gone or carries no version.
/// </summary>
/// <param name="Stale">Fresh descriptors.</param>
public sealed record StaleResponse(IReadOnlyList<KeyDescriptor?> Stale);

/// <summary>Body of any other refusal of the core.</summary>
/// <param name="Code">Code of the error catalogue.</param>
/// <param name="Message">Text for the caller.</param>
/// <param name="Parameter">The parameter the message names, if any.</param>
public sealed record CoreErrorResponse(string Code, string Message, string? Parameter = null);
