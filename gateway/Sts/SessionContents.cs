using System.Collections.Immutable;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Sts;

/// <summary>What a security token holds; nothing of it is stored here.</summary>
/// <param name="AccessKeyId"><c>STS.</c> and what follows.</param>
/// <param name="Secret">UTF-8 of the AccessKeySecret.</param>
/// <param name="SessionName">RoleSessionName.</param>
/// <param name="Expires">UTC, whole seconds.</param>
/// <param name="IsMfaPresent">Whether whoever opened the session had shown a second factor.</param>
/// <param name="Policy">Session policy, fixed for the session's life; null when there is none.</param>
/// <param name="Links">The role of this session first, then those that it was reached through.</param>
internal sealed record SessionContents(
    string AccessKeyId,
    SecretBuffer Secret,
    string SessionName,
    DateTimeOffset Expires,
    bool IsMfaPresent,
    string? Policy,
    ImmutableArray<SessionLink> Links)
{
    /// <summary>The longest life of a session: the largest MaxSessionDuration of a role.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(12);

    /// <summary>The role that was assumed.</summary>
    public SessionLink Role => Links[0];
}
