namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// How many entries live, when each is known to die in a certain second: a ring of counters that <see cref="Advance"/> empties.
/// </summary>
internal sealed class ExpiringCount
{
    // A power of two above the 1801 seconds in which an entry can end.
    private const int Slots = 2048;

    private readonly int[] endingIn = new int[Slots];
    private readonly Lock gate = new();
    private long current;
    private int living;

    /// <param name="now">Seconds since 1970.</param>
    public ExpiringCount(long now) => current = now;

    public int Living => Volatile.Read(ref living);

    /// <summary>Counts one entry unless that makes more than <paramref name="max"/>.</summary>
    public bool TryAdd(long lastSecond, int max)
    {
        if (Interlocked.Increment(ref living) > max)
        {
            Interlocked.Decrement(ref living);
            return false;
        }

        Interlocked.Increment(ref endingIn[Slot(lastSecond)]);
        return true;
    }

    /// <summary>Takes back what <see cref="TryAdd"/> counted.</summary>
    public void Remove(long lastSecond)
    {
        Interlocked.Decrement(ref endingIn[Slot(lastSecond)]);
        Interlocked.Decrement(ref living);
    }

    /// <summary>Forgets entries whose last second is before <paramref name="now"/>.</summary>
    public void Advance(long now)
    {
        if (now <= Volatile.Read(ref current))
        {
            return;
        }

        lock (gate)
        {
            // Why: one round of the ring empties it, however far the clock went.
            var first = Math.Max(current, now - endingIn.Length);
            for (var second = first; second < now; second++)
            {
                Interlocked.Add(ref living, -Interlocked.Exchange(ref endingIn[Slot(second)], 0));
            }

            Volatile.Write(ref current, Math.Max(current, now));
        }
    }

    private static int Slot(long second) => (int)(second & (Slots - 1));
}
