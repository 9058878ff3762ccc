using System.Net;
using System.Text;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// Where a core may listen: plaintexts travel here, so plain http stays on loopback addresses and Unix sockets
/// (decisions.md D1, D8).
/// </summary>
internal static class ListenAddresses
{
#pragma warning disable S5332 // a socket in the file system, not a network
    private const string UnixPrefix = "http://unix:";
#pragma warning restore S5332
    private const int MaxSocketPathBytes = 107;

    public static IEnumerable<string> Faults(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Fault(url) is { } fault)
            {
                yield return $"--urls {url}: {fault}";
            }
        }
    }

    private static string? Fault(string url)
    {
        if (url.StartsWith(UnixPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.GetByteCount(url.AsSpan(UnixPrefix.Length)) <= MaxSocketPathBytes
                ? null
                : "the path of a socket has at most 107 bytes";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            return "not an http or https address";
        }

        return address.Scheme == Uri.UriSchemeHttps || IsLoopback(address)
            ? null
            : "plain http is served on loopback addresses only; use https or a Unix socket";
    }

    private static bool IsLoopback(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
