using System.Collections.Frozen;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>An HMAC key version in process.</summary>
internal sealed class MacKeyHandle(KeyMaterial material, MacHash hash) : IMacKey
{
    public byte[] Compute(ReadOnlySpan<byte> message)
    {
        var mac = new byte[hash.Length];
        hash.Compute(material.ExposeBytes(SecretAccess.Cipher), message, mac);
        return mac;
    }

    public void Dispose() => material.Dispose();
}

/// <summary>HMAC with one hash; key specs and algorithms of callers have the same names.</summary>
/// <param name="Length">Of a code, in bytes.</param>
/// <param name="Compute">Writes the code of a message under a key.</param>
internal sealed record MacHash(int Length, MacFunction Compute)
{
    /// <summary>Those that this machine has.</summary>
    public static readonly FrozenDictionary<string, MacHash> All = new Dictionary<string, MacHash?>(StringComparer.Ordinal)
    {
        ["HMAC_SM3"] = OfOpenSsl("SM3", 32),
        ["HMAC_SHA_224"] = OfOpenSsl("SHA224", 28),
        ["HMAC_SHA_256"] = new(32, static (key, message, mac) => _ = HMACSHA256.HashData(key, message, mac)),
        ["HMAC_SHA_384"] = new(48, static (key, message, mac) => _ = HMACSHA384.HashData(key, message, mac)),
        ["HMAC_SHA_512"] = new(64, static (key, message, mac) => _ = HMACSHA512.HashData(key, message, mac)),
    }.Where(entry => entry.Value is not null).ToFrozenDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal);

    /// <summary>F of a MAC key, which is no key of a block cipher: SHA-256 of the two texts and the key. No HMAC, for callers have those computed.</summary>
    public static void Fingerprint(KeyMaterial material, Span<byte> fingerprint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MaterialFingerprint.Blocks);
        hash.AppendData(material.ExposeBytes(SecretAccess.Fingerprint));
        _ = hash.GetHashAndReset(fingerprint);
    }

    private static MacHash? OfOpenSsl(string name, int length) => LibCryptoHmac.Has(name)
        ? new(length, (key, message, mac) => LibCryptoHmac.Compute(name, key, message, mac))
        : null;
}

/// <summary>Writes the authentication code of <paramref name="message"/> under <paramref name="key"/>.</summary>
internal delegate void MacFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac);
