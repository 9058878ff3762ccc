using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Authorization;

/// <summary>
/// The condition keys that every check of a request carries; "always" means always, so that a Deny cannot be sidestepped by
/// absence (R-KEY-4). Source: ram-policy.md 5.3.
/// </summary>
/// <param name="ReceivedAt">Server time of receipt.</param>
/// <param name="IsSecure">Whether the caller came over TLS.</param>
/// <param name="SourceIp">Peer address, or the forwarded one from a trusted proxy.</param>
/// <param name="IsMfaPresent">True only for sessions created with MFA.</param>
internal sealed record RequestCircumstances(DateTimeOffset ReceivedAt, bool IsSecure, IPAddress SourceIp, bool IsMfaPresent)
{
    private static readonly ImmutableArray<string> True = ["true"];
    private static readonly ImmutableArray<string> False = ["false"];

    /// <summary>The keys for one check: these, and the tags that come with it (R-TAG-2).</summary>
    public ConditionContext ToContext(Identity caller, ConditionContext tags) =>
        new([.. Entries, new("acs:PrincipalARN", [caller.Arn]), .. tags.Entries]);

    /// <summary>The keys for a federated caller, who has no ARN: these, and what its token says.</summary>
    public ConditionContext ToContext(ConditionContext token) => new([.. Entries, .. token.Entries]);

    private KeyValuePair<string, ImmutableArray<string>>[] Entries =>
    [
        new("acs:CurrentTime", [ReceivedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)]),
        new("acs:SecureTransport", IsSecure ? True : False),
        new("acs:SourceIp", [AddressText(SourceIp)]),
        new("acs:MFAPresent", IsMfaPresent ? True : False),
    ];

    /// <summary>IPv4-mapped addresses are IPv4; a zone index is not part of an address.</summary>
    private static string AddressText(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.ScopeIdOrZero() == 0 ? plain.ToString() : new IPAddress(plain.GetAddressBytes()).ToString();
    }
}

file static class Addresses
{
    public static long ScopeIdOrZero(this IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
