using System.Security.Cryptography;
using System.Text;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Caching;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Sts;

/// <summary>
/// Access keys of sessions, made out of the token that the request brings, and all others from <paramref name="stored"/>.
/// Opened tokens are kept by their hash; whether the session is still good is asked every time. Source: signing.md 7.1.
/// </summary>
internal sealed class SessionAccessKeySource(
    IAccessKeySource stored, Func<string, SessionSealer> sealer, SessionTrust trust, TimeProvider clock) : IAccessKeySource
{
    private const int MaxOpened = 10_000;

    private readonly DependencyCache<string, Opened> opened = new(MaxOpened);

    /// <inheritdoc />
    public ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken) =>
        stored.FindAsync(accessKeyId, cancellationToken);

    /// <inheritdoc />
    public ValueTask<AccessKeyFinding> FindAsync(string accessKeyId, string? securityToken, CancellationToken cancellationToken) =>
        accessKeyId.StartsWith(StsApi.AccessKeyPrefix, StringComparison.Ordinal)
            ? ValueTask.FromResult(Find(accessKeyId, securityToken))
            : stored.FindAsync(accessKeyId, securityToken, cancellationToken);

    /// <inheritdoc />
    public ValueTask<bool> IsIssuedTokenAsync(ReadOnlyMemory<byte> tokenHash, CancellationToken cancellationToken) =>
        stored.IsIssuedTokenAsync(tokenHash, cancellationToken);

    private AccessKeyFinding Find(string accessKeyId, string? token)
    {
        if (token is null)
        {
            return AccessKeyFinding.Refused(GatewayErrors.Missing(WireNames.SecurityToken).With(WireNames.SecurityToken));
        }

        if (Open(token) is not { } session)
        {
            return AccessKeyFinding.Refused(GatewayErrors.SecurityTokenMalformed.With());
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(accessKeyId), Encoding.UTF8.GetBytes(session.Key.Id)))
        {
            return AccessKeyFinding.Refused(GatewayErrors.SecurityTokenMismatch.With());
        }

        if (clock.GetUtcNow() >= session.Contents.Expires)
        {
            return AccessKeyFinding.Refused(GatewayErrors.SecurityTokenExpired.With(), session.Key.Owner);
        }

        return trust.StateOf(session.Contents.Links) switch
        {
            SessionState.Alive => new AccessKeyFinding(session.Key),
            SessionState.Inactive => AccessKeyFinding.Refused(GatewayErrors.AccessKeyInactive.With(), session.Key.Owner),
            _ => AccessKeyFinding.Refused(GatewayErrors.SecurityTokenExpired.With(), session.Key.Owner),
        };
    }

    private Opened? Open(string token)
    {
        var hash = SecurityTokenCheck.HashOf(token);
        var key = Convert.ToBase64String(hash);
        if (opened.TryGet(key, out var held))
        {
            return held;
        }

        var stamp = opened.Stamp;
        if (sealer(token).Open(token) is not { } contents || !TryParse(contents.Policy, out var policy))
        {
            return null;
        }

        var session = new Opened(contents, KeyOf(contents, policy, hash));
        opened.Add(key, session, [], stamp);
        return session;
    }

    /// <summary>A policy that this program cannot read might have narrowed the session: then there is no session.</summary>
    private static bool TryParse(string? text, out PolicyDocument? policy)
    {
        policy = text is null ? null : PolicyParser.Parse(text, PolicyKind.Session).Document;
        return text is null || policy is not null;
    }

    private static AccessKey KeyOf(SessionContents contents, PolicyDocument? policy, byte[] tokenHash)
    {
        var role = contents.Role;
        var owner = new Identity(Authentication.PrincipalKind.RoleSession, role.AccountId, EntityId.Text(role.RoleId), role.RoleName, contents.SessionName)
        {
            Session = new SessionScope(contents.Links, policy),
        };
        return new AccessKey(
            contents.AccessKeyId, IsActive: true, new HeldSecret(contents.Secret), owner, new TemporaryCredential(tokenHash, contents.Expires, contents.IsMfaPresent));
    }

    private sealed record Opened(SessionContents Contents, AccessKey Key);
}
