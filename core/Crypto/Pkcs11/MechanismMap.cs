using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Pkcs11.Probing;

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>
/// Which mechanism does what on this token. RFC 5649 goes by two numbers, and a module may answer to one of them with something
/// else (NSS does), so it is chosen by trying it against .NET: wrapped keys stay portable between tokens.
/// Source: crypto-core.md section 6.
/// </summary>
/// <param name="KeyWrap">The mechanism that is RFC 5649; null when none is.</param>
internal sealed record MechanismMap(ulong? KeyWrap)
{
    private static readonly ulong[] Candidates = [Ckm.AesKeyWrapKwp, Ckm.AesKeyWrapPad];

    /// <summary>Tries the candidates in the token; the keys used are known ones, and thrown away.</summary>
    public static MechanismMap Choose(TokenSession session) => new(Array.Find(Candidates, mechanism => IsRfc5649(session, mechanism)) is var found and not 0 ? found : null);

    /// <summary>The tried mechanism; asked for only where the probe has found one.</summary>
    public ulong RequireKeyWrap() => KeyWrap ?? throw new Pkcs11Exception(CkFunction.WrapKey, Ckr.MechanismInvalid);

    /// <summary>PSS over a digest; the salt is as long as the hash, as .NET and the service have it.</summary>
    public static Mechanism Pss(HashAlgorithmName hash)
    {
        var (mechanism, mask, bytes) = Hash(hash);
        return Mechanism.Pss(mechanism, mask, bytes);
    }

    /// <summary>OAEP with the same hash for label and mask.</summary>
    public static Mechanism Oaep(HashAlgorithmName hash)
    {
        var (mechanism, mask, _) = Hash(hash);
        return Mechanism.Oaep(mechanism, mask);
    }

    /// <summary>Whether <paramref name="mechanism"/> wraps and unwraps exactly as RFC 5649 says.</summary>
    public static bool IsRfc5649(TokenSession session, ulong mechanism)
    {
        using var keys = new ProbeKeys(session);
        return WrapProbes.KeyWrap(keys, mechanism) is null;
    }

    private static (ulong Mechanism, ulong Mask, int Bytes) Hash(HashAlgorithmName hash) => hash.Name switch
    {
        "SHA1" => (Ckm.Sha1, Ckg.Mgf1Sha1, 20),
        "SHA256" => (Ckm.Sha256, Ckg.Mgf1Sha256, 32),
        "SHA384" => (Ckm.Sha384, Ckg.Mgf1Sha384, 48),
        "SHA512" => (Ckm.Sha512, Ckg.Mgf1Sha512, 64),
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };
}
