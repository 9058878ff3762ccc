using System.Diagnostics.CodeAnalysis;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// What authentication came to: a principal, or an error. An unsigned request carries the error that it earns unless its
/// action needs no signature; so forgetting to ask is a refusal.
/// </summary>
internal sealed class AuthenticationOutcome
{
    private AuthenticationOutcome()
    {
    }

    /// <summary>Who asks; null when it is not proven.</summary>
    public Principal? Principal { get; private init; }

    /// <summary>What to answer when there is no principal.</summary>
    public KmsException? Error { get; private init; }

    /// <summary>Whether the request presents no credential at all.</summary>
    public bool IsUnsigned { get; private init; }

    /// <summary>Whether it is certain who asks: a principal, or a federated identity, which is none.</summary>
    public bool IsProven => Principal is not null || KeyOwner?.Kind == PrincipalKind.Federated;

    /// <summary><c>rpc-1.0</c>, <c>acs3</c> or <c>oidc</c>; null for unsigned and other requests.</summary>
    public string? AuthStyle { get; private init; }

    /// <summary>What the request names; proven only when there is a principal.</summary>
    public string? AccessKeyId { get; private init; }

    /// <summary>Whose access key the request names, when that key exists: the trail's account for a refused request.</summary>
    public Identity? KeyOwner { get; private init; }

    /// <summary>Whether the access key exists; if not, no account gets an event.</summary>
    public bool IsKeyKnown => KeyOwner is not null;

    /// <summary>Whether there is a principal.</summary>
    [MemberNotNullWhen(true, nameof(Principal))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsAuthenticated => Principal is not null;

    public static AuthenticationOutcome Of(Principal principal) => new()
    {
        Principal = principal,
        AuthStyle = principal.AuthStyle,
        AccessKeyId = principal.AccessKeyId,
        KeyOwner = principal.Identity,
    };

    public static AuthenticationOutcome Refused(
        KmsException error, string? authStyle = null, string? accessKeyId = null, Identity? keyOwner = null) => new()
        {
            Error = error,
            AuthStyle = authStyle,
            AccessKeyId = accessKeyId,
            KeyOwner = keyOwner,
        };

    /// <summary>Somebody whom an identity provider vouches for; not a principal, since only a trust policy can name it.</summary>
    public static AuthenticationOutcome Federated(Identity identity) => new()
    {
        Error = GatewayErrors.OidcNoPermission.With(),
        IsUnsigned = true,
        AuthStyle = "oidc",
        KeyOwner = identity,
    };

    public static AuthenticationOutcome Unsigned(KmsException error) => new() { Error = error, IsUnsigned = true };
}
