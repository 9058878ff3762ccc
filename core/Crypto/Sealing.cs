using System.Collections.Immutable;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// Sealed records: <c>{ format:1 = 1 | nonce:12 | ciphertext | tag:16 }</c>, AES-256-GCM under the seal key of an epoch, which
/// is HKDF-SHA-256(root of the epoch, <c>kms-seal-key-1:epoch</c>). There is one epoch, or two while rewrap moves records from one to
/// the next. Source: crypto-core.md section 3, software mode.
/// </summary>
internal sealed class Sealing : IDisposable
{
    /// <summary>Of the root that the first start makes.</summary>
    public const int FirstEpoch = 1;

    /// <summary>Of <see cref="RootId"/>.</summary>
    public const int RootIdLength = 16;

    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int Overhead = 1 + NonceLength + TagLength;

    private readonly Lock changing = new();
    private readonly KeyMaterial tokenKey;
    private volatile Roots roots;

    /// <summary>One epoch; tokens are sealed under a key derived from its root.</summary>
    public Sealing(KeyMaterial root)
        : this(ImmutableDictionary<int, KeyMaterial>.Empty.Add(FirstEpoch, root), _ => root.Derive(32, "kms-import-token-key-1"u8))
    {
    }

    /// <summary>
    /// Takes all of them over. New records are sealed under the highest epoch; the key of tokens is opened with what is there by then.
    /// </summary>
    public Sealing(ImmutableDictionary<int, KeyMaterial> roots, Func<Sealing, KeyMaterial> openTokenKey)
    {
        this.roots = new Roots(roots, roots.Keys.Max());
        tokenKey = openTokenKey(this);
    }

    /// <summary>Calls that seal or open now what they read or store at another time; no epoch is retired under them.</summary>
    public CallsUnderWay Uses { get; } = new();

    /// <summary>The one that new records are sealed under.</summary>
    public int Epoch => roots.Current;

    /// <summary>Those whose roots are here.</summary>
    public IEnumerable<int> Epochs => roots.ByEpoch.Keys;

    /// <summary>Whether the root of an epoch is here.</summary>
    public bool Opens(int epoch) => roots.ByEpoch.ContainsKey(epoch);

    private static ReadOnlySpan<byte> CanaryText => "kms-root-canary-kms-root-canary!"u8;

    public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> associatedData, int epoch)
    {
        using var key = SealKey(RootOf(epoch), epoch);
        return SealUnder(key, secret, associatedData);
    }

    /// <summary>The same for what callers carry away and bring back; it outlives every root.</summary>
    public byte[] SealToken(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> purpose) => SealUnder(tokenKey, payload, purpose);

    /// <summary>Length of the secret inside, or -1 when this cannot be a sealed record.</summary>
    public static int SecretLength(ReadOnlySpan<byte> sealedRecord) =>
        sealedRecord.Length > Overhead && sealedRecord[0] == Format ? sealedRecord.Length - Overhead : -1;

    /// <summary>Opens a record into <paramref name="secret"/>, which is zeroed when that fails.</summary>
    public bool TryOpen(ReadOnlySpan<byte> sealedRecord, ReadOnlySpan<byte> associatedData, int epoch, Span<byte> secret)
    {
        if (!roots.ByEpoch.TryGetValue(epoch, out var root))
        {
            return false;
        }

        using var key = SealKey(root, epoch);
        return TryOpenUnder(key, sealedRecord, associatedData, secret);
    }

    public bool TryOpenToken(ReadOnlySpan<byte> sealedPayload, ReadOnlySpan<byte> purpose, Span<byte> payload) =>
        TryOpenUnder(tokenKey, sealedPayload, purpose, payload);

    /// <summary>A record by which a later start knows the same root key.</summary>
    public byte[] MakeCanary(int epoch) => MakeCanary(RootOf(epoch), epoch);

    public static byte[] MakeCanary(KeyMaterial root, int epoch)
    {
        using var key = SealKey(root, epoch);
        return SealUnder(key, CanaryText, CanaryData(epoch));
    }

    public static bool OpensCanary(KeyMaterial root, ReadOnlySpan<byte> canary, int epoch)
    {
        Span<byte> text = stackalloc byte[CanaryText.Length];
        using var key = SealKey(root, epoch);
        return TryOpenUnder(key, canary, CanaryData(epoch), text) && CryptographicOperations.FixedTimeEquals(text, CanaryText);
    }

    /// <summary>Tells one root from another; no secret.</summary>
    public static byte[] RootId(KeyMaterial root)
    {
        using var id = root.Derive(RootIdLength, "kms-root-id-1"u8);
        return id.ExposeBytes(SecretAccess.Fingerprint).ToArray();
    }

    /// <summary>The id of the root of an epoch that is in use.</summary>
    public byte[] RootId(int epoch) => RootId(RootOf(epoch));

    /// <summary>Takes over the root of a further epoch, which opens records from now on and seals none before <see cref="Begin"/>.</summary>
    public void Add(int epoch, KeyMaterial root)
    {
        lock (changing)
        {
            var former = roots.ByEpoch.GetValueOrDefault(epoch);
            roots = roots with { ByEpoch = roots.ByEpoch.SetItem(epoch, root) };
            former?.Dispose();
        }
    }

    /// <summary>New records are sealed under <paramref name="epoch"/> from now on.</summary>
    public void Begin(int epoch)
    {
        lock (changing)
        {
            _ = RootOf(epoch);
            roots = roots with { Current = epoch };
        }
    }

    /// <summary>Zeroes the roots of all epochs but the current one; nothing is being opened meanwhile.</summary>
    public void RetireFormer()
    {
        lock (changing)
        {
            var former = roots.ByEpoch.Where(root => root.Key != roots.Current).ToArray();
            roots = roots with { ByEpoch = roots.ByEpoch.RemoveRange(former.Select(root => root.Key)) };
            foreach (var (_, root) in former)
            {
                root.Dispose();
            }
        }
    }

    public void Dispose()
    {
        tokenKey.Dispose();
        foreach (var root in roots.ByEpoch.Values)
        {
            root.Dispose();
        }
    }

    private static byte[] SealUnder(KeyMaterial key, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> associatedData)
    {
        var sealedRecord = new byte[Overhead + secret.Length];
        sealedRecord[0] = Format;
        var nonce = sealedRecord.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.ExposeBytes(SecretAccess.Cipher), TagLength);
        cipher.Encrypt(
            nonce,
            secret,
            sealedRecord.AsSpan(1 + NonceLength, secret.Length),
            sealedRecord.AsSpan(1 + NonceLength + secret.Length),
            associatedData);
        return sealedRecord;
    }

    private static bool TryOpenUnder(KeyMaterial key, ReadOnlySpan<byte> sealedRecord, ReadOnlySpan<byte> associatedData, Span<byte> secret)
    {
        if (SecretLength(sealedRecord) != secret.Length)
        {
            return false;
        }

        using var cipher = new AesGcm(key.ExposeBytes(SecretAccess.Cipher), TagLength);
        try
        {
            cipher.Decrypt(
                sealedRecord.Slice(1, NonceLength),
                sealedRecord.Slice(1 + NonceLength, secret.Length),
                sealedRecord[^TagLength..],
                secret,
                associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static byte[] CanaryData(int epoch) => [.. "kms-canary-1:"u8, .. BitConverter.GetBytes(epoch)];

    private static KeyMaterial SealKey(KeyMaterial root, int epoch) => root.Derive(32, [.. "kms-seal-key-1:"u8, .. BitConverter.GetBytes(epoch)]);

    private KeyMaterial RootOf(int epoch) => roots.ByEpoch.GetValueOrDefault(epoch)
        ?? throw new InvalidOperationException("A record is sealed under an epoch whose root is here.");

    private sealed record Roots(ImmutableDictionary<int, KeyMaterial> ByEpoch, int Current);
}
