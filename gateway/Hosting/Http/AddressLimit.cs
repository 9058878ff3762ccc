using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>
/// How often something may happen for one source address in a minute; for what strangers can cause. An IPv6 address counts as
/// its /64, which is what one host is given.
/// </summary>
internal sealed class AddressLimit(int perMinute)
{
    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, int> counts = new();
    private long windowStart;

    /// <summary>Whether it may still happen for this address in this minute.</summary>
    public bool TryCount(IPAddress source, DateTimeOffset now)
    {
        var window = now.Ticks / Window.Ticks;
        var current = Interlocked.Read(ref windowStart);
        if (window > current && Interlocked.CompareExchange(ref windowStart, window, current) == current)
        {
            counts.Clear();
        }

        var key = KeyOf(source);
        return (counts.Count < MaxAddresses || counts.ContainsKey(key))
            && counts.AddOrUpdate(key, 1, (_, count) => Math.Min(count + 1, perMinute + 1)) <= perMinute;
    }

    private static IPAddress KeyOf(IPAddress source)
    {
        if (source.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return source;
        }

        if (source.IsIPv4MappedToIPv6)
        {
            return source.MapToIPv4();
        }

        var bytes = source.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
