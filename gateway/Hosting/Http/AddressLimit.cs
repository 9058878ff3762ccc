using System.Collections.Concurrent;
using System.Net;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>How often something may happen for one source address in a minute; for what strangers can cause.</summary>
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
        if (Interlocked.Exchange(ref windowStart, window) != window)
        {
            counts.Clear();
        }

        return (counts.Count < MaxAddresses || counts.ContainsKey(source))
            && counts.AddOrUpdate(source, 1, (_, count) => Math.Min(count + 1, perMinute + 1)) <= perMinute;
    }
}
