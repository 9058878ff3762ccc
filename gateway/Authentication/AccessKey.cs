using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Authentication;

/// <summary>An access key; cached by the source under the identity version.</summary>
/// <param name="Id">AccessKeyId.</param>
/// <param name="IsActive">An inactive key is told apart (400 <c>InvalidAccessKeyId.Inactive</c>).</param>
/// <param name="Secret">UTF-8 bytes of the AccessKeySecret.</param>
/// <param name="Owner">Whom it belongs to.</param>
/// <param name="Session">Set for temporary keys.</param>
internal sealed record AccessKey(string Id, bool IsActive, AccessKeySecret Secret, Identity Owner, TemporaryCredential? Session = null);

/// <summary>What a temporary access key needs besides its signature.</summary>
/// <param name="TokenHash">SHA-256 of the security token's UTF-8 bytes; compared in constant time.</param>
/// <param name="Expires">UTC.</param>
/// <param name="IsMfaPresent">Whether the session was opened with a second factor.</param>
internal sealed record TemporaryCredential(ReadOnlyMemory<byte> TokenHash, DateTimeOffset Expires, bool IsMfaPresent = false);

/// <summary>What a look-up came to: a key, or why there is none.</summary>
/// <param name="Key">The key, whatever its status.</param>
/// <param name="Refusal">What to answer when there is no key.</param>
/// <param name="Owner">Whose key it would be, when that is certain: the trail's account.</param>
internal readonly record struct AccessKeyFinding(AccessKey? Key, KmsException? Refusal = null, Identity? Owner = null)
{
    public static AccessKeyFinding Refused(KmsException refusal, Identity? owner = null) => new(null, refusal, owner);
}

/// <summary>Where access keys are looked up.</summary>
internal interface IAccessKeySource
{
    /// <summary>The key, whatever its status; null when there is none of that id.</summary>
    ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken);

    /// <summary>
    /// The same for a request that brings <paramref name="securityToken"/>, or none (null): temporary keys may be known by
    /// their token alone. A source that keeps all its keys passes over the token.
    /// </summary>
    async ValueTask<AccessKeyFinding> FindAsync(string accessKeyId, string? securityToken, CancellationToken cancellationToken) =>
        await FindAsync(accessKeyId, cancellationToken) is { } key
            ? new AccessKeyFinding(key)
            : AccessKeyFinding.Refused(GatewayErrors.AccessKeyNotFound.With());

    /// <summary>
    /// Whether a security token with this SHA-256 was issued here, for any access key: tells a token of another session from
    /// one that was never issued. A source without temporary keys knows none.
    /// </summary>
    ValueTask<bool> IsIssuedTokenAsync(ReadOnlyMemory<byte> tokenHash, CancellationToken cancellationToken) =>
        ValueTask.FromResult(false);
}
