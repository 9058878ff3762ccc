using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Gateway.Wire;
using Microsoft.Extensions.Options;

namespace KmsGateway.Gateway.Authentication;

/// <summary>What became of a nonce.</summary>
internal enum NonceResult
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was new and is now remembered.</summary>
    Recorded,

    /// <summary>It was used before.</summary>
    Used,

    /// <summary>Its stamp is outside the window by now.</summary>
    Expired,

    /// <summary>There is no room; nothing is forgotten to make some.</summary>
    Full,
}

/// <summary>
/// Time window and replay refusal: remembers a keyed hash of (AccessKeyId, nonce or signature) until the stamp has left the
/// window. Seconds are compared whole, floored on both sides. Source: signing.md 8, decisions.md D7.
/// </summary>
internal sealed class NonceWindow
{
    /// <summary>Either way, inclusive.</summary>
    public const int WindowSeconds = 900;

    private const int ShardBits = 6;
    private const int SecondsPerSweep = 64;
    private const int MaxKeyBytes = (3 * (WireLimits.MaxAccessKeyIdLength + WireLimits.MaxNonceLength)) + 3;

    private readonly byte[] hashKey = RandomNumberGenerator.GetBytes(32);
    private readonly NonceTable[] shards = new NonceTable[1 << ShardBits];

    // By a seeded hash of the id. Why that is enough: keys that meet share a share, and nobody can choose to.
    private readonly ConcurrentDictionary<int, KeyShare> perKey = new();
    private readonly ExpiringCount total;
    private readonly TimeProvider clock;
    private readonly int maxEntries;
    private readonly int maxEntriesPerKey;
    private readonly long firstStamp;
    private long horizon;
    private long lastSweep;

    public NonceWindow(IOptions<ReplayOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        maxEntries = options.Value.MaxEntries;
        maxEntriesPerKey = (int)Math.Max(1, (long)maxEntries * options.Value.MaxPercentPerKey / 100);
        horizon = clock.GetUtcNow().ToUnixTimeSeconds();
        lastSweep = horizon;
        firstStamp = options.Value.RefuseStampsBefore?.ToUnixTimeSeconds() ?? horizon;
        total = new ExpiringCount(horizon);
        for (var i = 0; i < shards.Length; i++)
        {
            shards[i] = new NonceTable();
        }
    }

    /// <summary>Requests remembered now.</summary>
    public int Count
    {
        get
        {
            total.Advance(Now());
            return total.Living;
        }
    }

    /// <summary>Step 7: whether a stamp is inside the window and young enough for replays to be known.</summary>
    public bool IsInWindow(long stampSeconds) => IsInWindow(stampSeconds, Now());

    /// <summary>Step 11: remembers a request, or says that it was seen. Check and entry are one step.</summary>
    /// <param name="accessKeyId">The scope.</param>
    /// <param name="nonce">The nonce, or null when the request has none.</param>
    /// <param name="signature">The decoded signature: the replay key of a request without nonce.</param>
    /// <param name="stampSeconds">Seconds since 1970.</param>
    public NonceResult TryRecord(string accessKeyId, string? nonce, ReadOnlySpan<byte> signature, long stampSeconds)
    {
        var now = Now();
        if (!IsInWindow(stampSeconds, now))
        {
            return NonceResult.Expired;
        }

        var lastSecond = stampSeconds + WindowSeconds;
        var ofKey = perKey.GetOrAdd(string.GetHashCode(accessKeyId, StringComparison.Ordinal), static (_, at) => new KeyShare(at), now);
        if (!ofKey.TryAdd(lastSecond, maxEntriesPerKey))
        {
            return NonceResult.Full;
        }

        if (!total.TryAdd(lastSecond, maxEntries))
        {
            ofKey.Remove(lastSecond);
            return NonceResult.Full;
        }

        var hash = Hash(accessKeyId, nonce, signature);
        var shard = shards[(int)(hash >> (128 - ShardBits))];
        if (shard.TryAdd(hash, (uint)lastSecond, (uint)now))
        {
            return NonceResult.Recorded;
        }

        ofKey.Remove(lastSecond);
        total.Remove(lastSecond);
        return NonceResult.Used;
    }

    private bool IsInWindow(long stampSeconds, long now) =>
        stampSeconds >= firstStamp && Math.Abs(now - stampSeconds) <= WindowSeconds;

    // Invariant: this clock never goes back. Why: what was forgotten when it was later must not become acceptable again.
    private long Now()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var latest = Volatile.Read(ref horizon);
        if (now <= latest)
        {
            return latest;
        }

        while (now > latest)
        {
            latest = Interlocked.CompareExchange(ref horizon, now, latest);
        }

        total.Advance(now);
        SweepKeys(now);
        return Volatile.Read(ref horizon);
    }

    private void SweepKeys(long now)
    {
        var previous = Volatile.Read(ref lastSweep);
        if (now - previous < SecondsPerSweep || Interlocked.CompareExchange(ref lastSweep, now, previous) != previous)
        {
            return;
        }

        foreach (var (key, count) in perKey)
        {
            count.Advance(now);
            if (count.Living == 0)
            {
                // Why: a request that holds this count right now is then not counted for its key; the total has it.
                perKey.TryRemove(key, out _);
            }
        }
    }

    // { length of AccessKeyId:2 | AccessKeyId | 0 nonce or 1 signature | nonce or signature }
    private UInt128 Hash(string accessKeyId, string? nonce, ReadOnlySpan<byte> signature)
    {
        Span<byte> key = stackalloc byte[MaxKeyBytes];
        var length = 2 + Encoding.UTF8.GetBytes(accessKeyId, key[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(key, (ushort)(length - 2));
        key[length++] = (byte)(nonce is null ? 1 : 0);
        if (nonce is null)
        {
            signature.CopyTo(key[length..]);
            length += signature.Length;
        }
        else
        {
            length += Encoding.UTF8.GetBytes(nonce, key[length..]);
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(hashKey, key[..length], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
