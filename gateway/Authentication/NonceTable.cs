namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// One shard of the replay memory: a set of 16-byte hashes with open addressing, each with the last second in which it counts.
/// Expired slots are reused, and dropped when the table is rebuilt. Guarded by its own lock.
/// </summary>
internal sealed class NonceTable
{
    private const int InitialCapacity = 64;

    private readonly Lock gate = new();
    private UInt128[] hashes = new UInt128[InitialCapacity];

    // Seconds since 1970; zero marks a slot that was never used.
    private uint[] lastSeconds = new uint[InitialCapacity];
    private int occupied;

    /// <summary>Adds the hash unless it is there and counts at <paramref name="now"/>; check and entry are one step.</summary>
    public bool TryAdd(UInt128 hash, uint lastSecond, uint now)
    {
        lock (gate)
        {
            var slot = FindSlot(hash, now);
            if (slot < 0)
            {
                return false;
            }

            occupied += lastSeconds[slot] == 0 ? 1 : 0;
            hashes[slot] = hash;
            lastSeconds[slot] = lastSecond;
            if (occupied > hashes.Length / 4 * 3)
            {
                Rebuild(now);
            }

            return true;
        }
    }

    // The slot to write to, or -1 when the hash is there already.
    private int FindSlot(UInt128 hash, uint now)
    {
        var mask = hashes.Length - 1;
        var reusable = -1;
        var slot = (int)(ulong)hash & mask;
        while (true)
        {
            var lastSecond = lastSeconds[slot];
            if (lastSecond == 0)
            {
                return reusable >= 0 ? reusable : slot;
            }

            if (lastSecond < now)
            {
                reusable = reusable >= 0 ? reusable : slot;
            }
            else if (hashes[slot] == hash)
            {
                return -1;
            }

            slot = (slot + 1) & mask;
        }
    }

    private void Rebuild(uint now)
    {
        var (oldHashes, oldSeconds) = (hashes, lastSeconds);
        var living = 0;
        foreach (var second in oldSeconds)
        {
            living += second >= now ? 1 : 0;
        }

        var capacity = InitialCapacity;
        while (capacity / 8 * 3 < living)
        {
            capacity *= 2;
        }

        hashes = new UInt128[capacity];
        lastSeconds = new uint[capacity];
        occupied = 0;
        for (var i = 0; i < oldSeconds.Length; i++)
        {
            if (oldSeconds[i] >= now)
            {
                var slot = FindSlot(oldHashes[i], now);
                hashes[slot] = oldHashes[i];
                lastSeconds[slot] = oldSeconds[i];
                occupied++;
            }
        }
    }
}
