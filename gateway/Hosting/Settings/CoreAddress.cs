using System.Globalization;
using System.Text;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary><c>Kms:Core:Address</c>: https, a Unix socket, or http on loopback. Source: decisions.md D1.</summary>
internal static class CoreAddress
{
    private const int MaxUnixSocketPathBytes = 107;

    /// <summary>What is wrong with it, or null.</summary>
    public static string? Fault(string text)
    {
        const string unix = "unix:";
        if (text.StartsWith(unix, StringComparison.Ordinal))
        {
            var path = text[unix.Length..];
            return path.StartsWith('/') && Encoding.UTF8.GetByteCount(path) <= MaxUnixSocketPathBytes
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Kms:Core:Address must name a Unix socket by an absolute path of at most {MaxUnixSocketPathBytes} bytes; it is {Quoted.Text(text)}.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || address.PathAndQuery is not "/"
            || address.UserInfo.Length > 0
            || address.Fragment.Length > 0)
        {
            return $"Kms:Core:Address must be https://host:port, unix:/path or http:// on loopback; it is {Quoted.Text(text)}.";
        }

        return address.Scheme is "http" && !address.IsLoopback
            ? $"Kms:Core:Address must use https or a Unix socket, because {Quoted.Text(text)} is not loopback."
            : null;
    }
}
