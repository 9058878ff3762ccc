using System.Collections.Concurrent;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>One call: under which credential, from when to when, and whether it was served. Times are ticks of one clock.</summary>
internal readonly record struct RevocationCall(long Credential, long Started, long Ended, bool IsServed);

/// <summary>From the acknowledgement of a revocation to the moment its undoing was asked for; no end where it is never undone.</summary>
internal readonly record struct RevokedWindow(long Credential, long Acknowledged, long UndoneFrom);

/// <summary>What happened to one victim.</summary>
internal sealed class RevocationHistory
{
    private readonly ConcurrentQueue<RevocationCall> calls = new();
    private readonly ConcurrentQueue<RevokedWindow> windows = new();

    public void Add(RevocationCall call) => calls.Enqueue(call);

    public void Add(RevokedWindow window) => windows.Enqueue(window);

    /// <summary>Calls that were served although they began after a revocation was acknowledged and ended before it was undone.</summary>
    public IReadOnlyList<RevocationCall> StaleAllows()
    {
        var byCredential = windows.GroupBy(window => window.Credential).ToDictionary(group => group.Key, group => group.OrderBy(window => window.Acknowledged).ToArray());
        return [.. calls.Where(call => call.IsServed && byCredential.TryGetValue(call.Credential, out var mine) && IsInside(mine, call))];
    }

    /// <summary>How many calls lay wholly inside a revoked window, and how many were served outside of one.</summary>
    public (int Inside, int Served) Judged()
    {
        var byCredential = windows.GroupBy(window => window.Credential).ToDictionary(group => group.Key, group => group.OrderBy(window => window.Acknowledged).ToArray());
        return (
            calls.Count(call => byCredential.TryGetValue(call.Credential, out var mine) && IsInside(mine, call)),
            calls.Count(call => call.IsServed));
    }

    /// <summary>Windows of one credential follow one another: only the last that began before the call can hold it.</summary>
    private static bool IsInside(RevokedWindow[] windows, RevocationCall call)
    {
        int low = 0, high = windows.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = windows[middle].Acknowledged < call.Started ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && call.Ended < windows[low - 1].UndoneFrom;
    }
}
