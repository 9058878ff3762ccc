namespace KmsGateway.Core.Tickets;

/// <summary>Why a token is not a ticket. For logs and metrics; a caller only hears that it was refused.</summary>
internal enum TicketRefusal
{
    None = 0,

    /// <summary>Not a signed JWT, or larger than one can be.</summary>
    Malformed,

    /// <summary>Not signed by a known key.</summary>
    Signature,

    /// <summary>Signed, but not with ES256.</summary>
    Algorithm,

    /// <summary>From somebody else.</summary>
    Issuer,

    /// <summary>For another core.</summary>
    Audience,

    /// <summary>Without an end.</summary>
    NoExpiry,

    /// <summary>Past its end.</summary>
    Expired,

    /// <summary>Good for longer than a ticket may be.</summary>
    LivesTooLong,

    /// <summary>Without <c>jti</c>.</summary>
    NoId,

    /// <summary>Without <c>sub</c>.</summary>
    NoSubject,

    /// <summary>Without <c>acct</c>.</summary>
    NoAccount,

    /// <summary>Without <c>act</c>.</summary>
    NoAction,

    /// <summary>Without <c>res</c>, or one that is not a list of <c>{"arn","mv","ag"}</c>.</summary>
    Resources,

    /// <summary>A resource of another account than <c>acct</c> and <c>own</c>.</summary>
    ForeignResource,

    /// <summary>There are other owners, and <c>sub</c> is no principal of <c>acct</c>.</summary>
    ForeignSubject,

    /// <summary><c>own</c> is not a list of other accounts, each the owner of a key in <c>res</c> that has a version.</summary>
    Owners,
}

/// <summary>Carries a <see cref="TicketRefusal"/> through the authentication handler.</summary>
#pragma warning disable S3871 // never leaves the core
internal sealed class TicketRefusedException(TicketRefusal refusal) : Exception($"The ticket was refused: {refusal}.")
#pragma warning restore S3871
{
    public TicketRefusal Refusal { get; } = refusal;
}
