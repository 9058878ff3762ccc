using System.Collections.Immutable;
using System.Net;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>The proxies whose word about a client is believed; none by default. Source: threats.md row 6.</summary>
internal sealed class TrustedProxies
{
    private readonly ImmutableArray<IPNetwork> networks;

    /// <summary>Texts that <see cref="ParseFault"/> finds nothing wrong with.</summary>
    public TrustedProxies(IEnumerable<string> texts) =>
        networks = [.. texts.Select(text => TryParse(text, out var network) ? network : throw new FormatException(ParseFault(text)))];

    /// <summary>Whether the (unmapped) address is one of them.</summary>
    public bool Contains(IPAddress address) => networks.Any(network => network.Contains(address));

    /// <summary>What is wrong with one entry of <c>Kms:TrustedProxies</c>, or null.</summary>
    public static string? ParseFault(string text)
    {
        if (!TryParse(text, out var network))
        {
            return $"Kms:TrustedProxies must hold IP addresses and networks such as 10.1.0.0/16; it holds {Quoted.Text(text)}.";
        }

        return network.PrefixLength == 0
            ? $"Kms:TrustedProxies must not trust every address; it holds {Quoted.Text(text)}."
            : null;
    }

    private static bool TryParse(string text, out IPNetwork network)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            // Why: 10.0.0.1/8 is more often a mistake than a way to write 10.0.0.0/8, and a mapped network would never match.
            return IPNetwork.TryParse(text, out network)
                && ForwardedAddress.TryParseAddress(text[..slash], out var written)
                && written.Equals(network.BaseAddress);
        }

        if (ForwardedAddress.TryParseAddress(text, out var address))
        {
            network = new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        network = default;
        return false;
    }
}
