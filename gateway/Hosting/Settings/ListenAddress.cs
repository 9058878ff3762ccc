using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>One address to listen on: http or https, an IP address, <c>localhost</c> or <c>*</c>, and a port.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="IsHttps">Whether TLS is spoken.</param>
/// <param name="Address">Null for <c>localhost</c> (both loopback addresses) and for <c>*</c>.</param>
/// <param name="IsLoopback">Whether only this machine can reach it.</param>
/// <param name="Port">0 takes a free one.</param>
internal sealed record ListenAddress(string Text, bool IsHttps, IPAddress? Address, bool IsLoopback, int Port)
{
    /// <summary>Addresses separated by semicolons; every fault is named.</summary>
    public static IReadOnlyList<ListenAddress> ParseAll(string setting, string text, ICollection<string> faults)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            faults.Add($"{setting} names no address.");
        }

        var addresses = new List<ListenAddress>();
        foreach (var part in parts)
        {
            if (!TryParse(setting, part, out var address, out var fault))
            {
                faults.Add(fault);
            }
            else if (addresses.Exists(address.Collides))
            {
                faults.Add($"{setting} names the address {Quoted.Text(part)} twice.");
            }
            else
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    /// <summary>One address.</summary>
    public static bool TryParse(
        string setting,
        string text,
        [NotNullWhen(true)] out ListenAddress? address,
        [NotNullWhen(false)] out string? fault)
    {
        address = null;
        if (!TryParseBinding(text, out var binding))
        {
            fault = $"{setting} must hold addresses such as http://127.0.0.1:8750; it holds {Quoted.Text(text)}.";
            return false;
        }

        fault = Refuse(setting, text, binding);
        if (fault is not null)
        {
            return false;
        }

        var ip = IPAddress.TryParse(binding.Host, out var parsed) ? parsed : null;
        var isLocalhost = IsLocalhost(binding.Host);
        address = new ListenAddress(text, binding.Scheme is "https", ip, isLocalhost || (ip is not null && IPAddress.IsLoopback(ip)), binding.Port);
        return true;
    }

    /// <summary>Whether both would take the same port of the same address.</summary>
    public bool Collides(ListenAddress other) => Port != 0 && Port == other.Port && Equals(Address, other.Address) && IsLoopback == other.IsLoopback;

    private static bool TryParseBinding(string text, [NotNullWhen(true)] out BindingAddress? binding)
    {
        try
        {
            binding = BindingAddress.Parse(text);
            return binding.Port is >= 0 and <= ushort.MaxValue;
        }
        catch (FormatException)
        {
            binding = null;
            return false;
        }
    }

    private static string? Refuse(string setting, string text, BindingAddress binding)
    {
        var shown = Quoted.Text(text);
        if (binding.Scheme is not ("http" or "https"))
        {
            return $"{setting} must hold http or https addresses; it holds {shown}.";
        }

        if (binding.IsUnixPipe || binding.IsNamedPipe || binding.PathBase.Length > 0)
        {
            return $"{setting} must hold addresses without a path; it holds {shown}.";
        }

        // Why: the server would take an unknown name for "every address", which is not what its writer meant.
        if (!IPAddress.TryParse(binding.Host, out _) && !IsLocalhost(binding.Host) && binding.Host is not ("*" or "+"))
        {
            return $"{setting} must name an IP address, localhost or *; it holds {shown}.";
        }

        return binding.Port == 0 && IsLocalhost(binding.Host)
            ? $"{setting} must name 127.0.0.1 or [::1] to take a free port; it holds {shown}."
            : null;
    }

    private static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
