using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Authentication;

/// <summary>An access key with its secret opened; cached by the source under the identity version.</summary>
/// <param name="Id">AccessKeyId.</param>
/// <param name="IsActive">An inactive key is told apart (400 <c>InvalidAccessKeyId.Inactive</c>).</param>
/// <param name="Secret">UTF-8 bytes of the AccessKeySecret.</param>
/// <param name="Owner">Whom it belongs to.</param>
/// <param name="Session">Set for temporary keys.</param>
internal sealed record AccessKey(string Id, bool IsActive, SecretBuffer Secret, Identity Owner, TemporaryCredential? Session = null);

/// <summary>What a temporary access key needs besides its signature.</summary>
/// <param name="TokenHash">SHA-256 of the security token's UTF-8 bytes; compared in constant time.</param>
/// <param name="Expires">UTC.</param>
/// <param name="IsMfaPresent">Whether the session was opened with a second factor.</param>
internal sealed record TemporaryCredential(ReadOnlyMemory<byte> TokenHash, DateTimeOffset Expires, bool IsMfaPresent = false);

/// <summary>Where access keys are looked up.</summary>
internal interface IAccessKeySource
{
    /// <summary>The key, whatever its status; null when there is none of that id.</summary>
    ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a security token with this SHA-256 was issued here, for any access key: tells a token of another session from
    /// one that was never issued. A source without temporary keys knows none.
    /// </summary>
    ValueTask<bool> IsIssuedTokenAsync(ReadOnlyMemory<byte> tokenHash, CancellationToken cancellationToken) =>
        ValueTask.FromResult(false);
}
