using System.Runtime.CompilerServices;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// How many remembered requests of one access key live: an <see cref="ExpiringCount"/> in 88 bytes, since there is one for every
/// access key at work. Counted in steps of two minutes, so that entries count up to that much longer.
/// </summary>
internal sealed class KeyShare(long now)
{
    private const int SecondsPerSlot = 128;

    // Of two minutes each: more than the 1801 seconds in which an entry can end.
    private const int Slots = 16;

    private uint current = (uint)(now / SecondsPerSlot);
    private int living;
#pragma warning disable S3459 // its elements are assigned through references
    private Ring endingIn;
#pragma warning restore S3459

    public int Living => Volatile.Read(ref living);

    /// <summary>Counts one entry unless that makes more than <paramref name="max"/>.</summary>
    public bool TryAdd(long lastSecond, int max)
    {
        if (Interlocked.Increment(ref living) > max)
        {
            Interlocked.Decrement(ref living);
            return false;
        }

        Interlocked.Increment(ref Slot(lastSecond / SecondsPerSlot));
        return true;
    }

    /// <summary>Takes back what <see cref="TryAdd"/> counted.</summary>
    public void Remove(long lastSecond)
    {
        Interlocked.Decrement(ref Slot(lastSecond / SecondsPerSlot));
        Interlocked.Decrement(ref living);
    }

    /// <summary>Forgets entries whose last second is before <paramref name="now"/>. One caller at a time.</summary>
    public void Advance(long now)
    {
        var target = now / SecondsPerSlot;

        // Why: one round of the ring empties it, however far the clock went.
        for (var slot = Math.Max(current, target - Slots); slot < target; slot++)
        {
            Interlocked.Add(ref living, -Interlocked.Exchange(ref Slot(slot), 0));
        }

        current = (uint)Math.Max(current, target);
    }

    private ref int Slot(long slot) => ref endingIn[(int)(slot & (Slots - 1))];

    [InlineArray(Slots)]
    private struct Ring
    {
#pragma warning disable S1144 // an inline array is declared by its one field
        private int first;
#pragma warning restore S1144
    }
}
