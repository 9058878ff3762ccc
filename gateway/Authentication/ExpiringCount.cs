namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// How many entries live, when each is known to die in a certain second: a ring of counters that <see cref="Advance"/> empties.
/// </summary>
internal sealed class ExpiringCount
{
    // A power of two above the 1801 seconds in which an entry can end.
    private const int Slots = 2048;

    private readonly int[] endingIn;
    private readonly int secondsPerSlot;
    private readonly Lock gate = new();
    private long current;
    private int living;

    /// <param name="now">Seconds since 1970.</param>
    /// <param name="secondsPerSlot">1, or a power of two to count coarsely with less memory: entries then live up to that much longer.</param>
    public ExpiringCount(long now, int secondsPerSlot = 1)
    {
        this.secondsPerSlot = secondsPerSlot;
        endingIn = new int[Math.Max(Slots / secondsPerSlot, 2)];
        current = now / secondsPerSlot;
    }

    public int Living => Volatile.Read(ref living);

    /// <summary>Counts one entry unless that makes more than <paramref name="max"/>.</summary>
    public bool TryAdd(long lastSecond, int max)
    {
        if (Interlocked.Increment(ref living) > max)
        {
            Interlocked.Decrement(ref living);
            return false;
        }

        Interlocked.Increment(ref endingIn[Slot(lastSecond / secondsPerSlot)]);
        return true;
    }

    /// <summary>Takes back what <see cref="TryAdd"/> counted.</summary>
    public void Remove(long lastSecond)
    {
        Interlocked.Decrement(ref endingIn[Slot(lastSecond / secondsPerSlot)]);
        Interlocked.Decrement(ref living);
    }

    /// <summary>Forgets entries whose last second is before <paramref name="now"/>.</summary>
    public void Advance(long now)
    {
        var target = now / secondsPerSlot;
        if (target <= Volatile.Read(ref current))
        {
            return;
        }

        lock (gate)
        {
            // Why: one round of the ring empties it, however far the clock went.
            var first = Math.Max(current, target - endingIn.Length);
            for (var second = first; second < target; second++)
            {
                Interlocked.Add(ref living, -Interlocked.Exchange(ref endingIn[Slot(second)], 0));
            }

            Volatile.Write(ref current, Math.Max(current, target));
        }
    }

    private int Slot(long second) => (int)(second & (endingIn.Length - 1));
}
