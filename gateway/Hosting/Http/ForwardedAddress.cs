using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>What the conditions <c>acs:SourceIp</c> and <c>acs:SecureTransport</c> are judged on.</summary>
/// <param name="SourceIp">Never an IPv4 address mapped into IPv6, never with a zone.</param>
/// <param name="IsSecure">Whether the caller itself spoke TLS.</param>
internal sealed record ClientAddress(IPAddress SourceIp, bool IsSecure);

/// <summary>
/// Who is calling: the socket's peer, unless that is a trusted proxy; then the right-most entry of <c>X-Forwarded-For</c> that is
/// no trusted proxy, and that hop's <c>X-Forwarded-Proto</c>. What a trusted proxy says is read strictly: when it cannot be
/// understood there is no answer, and the request must be refused. Source: threats.md row 6, decisions.md D8.
/// </summary>
internal sealed class ForwardedAddress(TrustedProxies proxies)
{
    private const string ForHeader = "X-Forwarded-For";
    private const string ProtoHeader = "X-Forwarded-Proto";

    /// <summary>False when a trusted proxy sent what cannot be understood, or the connection has no address.</summary>
    public bool TryResolve(HttpContext context, [NotNullWhen(true)] out ClientAddress? client)
    {
        client = null;
        return context.Connection.RemoteIpAddress is { } peer
            && TryResolve(peer, context.Request.IsHttps, context.Request.Headers[ForHeader], context.Request.Headers[ProtoHeader], out client);
    }

    /// <summary>The same, over values.</summary>
    public bool TryResolve(
        IPAddress peer,
        bool isTls,
        StringValues forwardedFor,
        StringValues forwardedProto,
        [NotNullWhen(true)] out ClientAddress? client)
    {
        client = null;
        var source = Plain(peer);
        var hops = Entries(forwardedFor);
        var protocols = Entries(forwardedProto);
        if (!proxies.Contains(source) || (hops.Length == 0 && protocols.Length == 0))
        {
            client = new ClientAddress(source, isTls);
            return true;
        }

        var picked = hops.Length;
        while (picked > 0 && proxies.Contains(source))
        {
            picked--;
            if (!TryParseAddress(hops[picked], out var hop))
            {
                return false;
            }

            source = hop;
        }

        if (!TrySecure(protocols, hops.Length, picked, out var isSecure))
        {
            return false;
        }

        client = new ClientAddress(source, isSecure);
        return true;
    }

    /// <summary>One address in its usual spelling: no port, no brackets, no zone, no octal or shortened IPv4.</summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var isSpelledPlainly = text.All(character => char.IsAsciiHexDigit(character) || character is '.' or ':');
        if (!isSpelledPlainly || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        if (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != text)
        {
            return false;
        }

        address = Plain(parsed);
        return true;
    }

    /// <summary>
    /// One protocol for the whole chain, or one per hop. Why: a proxy that names the client but not its protocol leaves it
    /// unknown, and unknown is not secure.
    /// </summary>
    private static bool TrySecure(string[] protocols, int hops, int picked, out bool isSecure)
    {
        isSecure = false;
        if (!Array.TrueForAll(protocols, IsProtocol) || (protocols.Length > 1 && protocols.Length != hops))
        {
            return false;
        }

        isSecure = protocols.Length switch
        {
            0 => false,
            1 => IsHttps(protocols[0]),
            _ => IsHttps(protocols[picked]),
        };
        return true;
    }

    private static bool IsProtocol(string text) => IsHttps(text) || text.Equals("http", StringComparison.OrdinalIgnoreCase);

    private static bool IsHttps(string text) => text.Equals("https", StringComparison.OrdinalIgnoreCase);

    private static string[] Entries(StringValues lines) =>
        StringValues.IsNullOrEmpty(lines) ? [] : string.Join(',', lines.ToArray()).Split(',', StringSplitOptions.TrimEntries);

    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes()) : address;
    }
}
