using System.Collections.Concurrent;
using System.Net;

namespace KmsGateway.Gateway.Trail;

/// <summary>How many events refused signatures may make: strangers must not fill the trail. Source: audit-and-service-keys.md A1.</summary>
internal sealed class RefusedSignatures
{
    private const int PerAddress = 60;
    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<IPAddress, int> counts = new();
    private long windowStart;

    /// <summary>Whether an event may still be made for this address in this minute.</summary>
    public bool TryCount(IPAddress source, DateTimeOffset now)
    {
        var window = now.Ticks / Window.Ticks;
        if (Interlocked.Exchange(ref windowStart, window) != window)
        {
            counts.Clear();
        }

        return (counts.Count < MaxAddresses || counts.ContainsKey(source))
            && counts.AddOrUpdate(source, 1, static (_, count) => Math.Min(count + 1, PerAddress + 1)) <= PerAddress;
    }
}
